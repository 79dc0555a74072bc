import { fieldName } from './field-name.js';

/** Every string, with the colon behind it if it is a name, and every bracket. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/g;

/** Where a JSON text says what readers would take differently, and which rule that breaks. */
export type Unreadable = Readonly<{
  path: string;
  rule: 'isUnique' | 'isText' | 'whitelistValidation';
}>;

/** What every object of JavaScript has without being told: a field of that name is lost in silence. */
export const isInherited = (name: string): boolean => Object.hasOwn(Object.prototype, name);

type Level = { readonly names: Set<string>; last: string };

/**
 * The first name that stands twice in an object, of which parsers keep the first, the last or both; or
 * that JavaScript takes for its own; or text that is none in a database: with a NUL, or half of a pair.
 * @param json what `JSON.parse` has taken; nothing is checked again here. Lists are no part of the path.
 */
export function unreadableIn(json: string): Unreadable | undefined {
  const open: Level[] = [];
  for (const [token, colon] of json.matchAll(TOKENS)) {
    if (token === '{' || token === '[') open.push({ names: new Set(), last: '' });
    else if (token === '}' || token === ']') open.pop();
    else {
      const text = textOf(colon === undefined ? token : token.slice(0, -colon.length));
      const broken = colon === undefined ? undefined : brokenBy(text, open.at(-1));
      const rule = isText(text) ? broken : 'isText';
      if (rule !== undefined) return { path: pathOf(open), rule };
    }
  }
  return undefined;
}

/** Names the field that what follows belongs to. */
function brokenBy(name: string, level: Level | undefined): Unreadable['rule'] | undefined {
  if (level === undefined) return undefined;
  level.last = name;
  if (isInherited(name)) return 'whitelistValidation';
  if (level.names.has(name)) return 'isUnique';
  level.names.add(name);
  return undefined;
}

const textOf = (token: string): string =>
  token.includes('\\') ? String(JSON.parse(token)) : token.slice(1, -1);

const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

const pathOf = (open: readonly Level[]): string =>
  open
    .filter(({ last }) => last !== '')
    .map(({ last }) => fieldName(last))
    .join('.');
