/** Each top-level member of a JSON object by its name, with its value exactly as it was written. */
export type Slices = ReadonlyMap<string, string>;

/**
 * Cuts a JSON object into its members without writing anything anew: Alipay signs the text that it sent,
 * and the same JSON written by somebody else is another text.
 * @returns undefined if it is no JSON object, or names a member twice: which one counts is nobody's guess.
 */
export function slicesOf(text: string): Slices | undefined {
  if (!isObject(text)) return undefined;
  const slices = new Map<string, string>();
  let at = skipSpace(text, text.indexOf('{') + 1);
  while (text[at] === '"') {
    const nameEnd = endOfText(text, at);
    const name = String(JSON.parse(text.slice(at, nameEnd)));
    const start = skipSpace(text, text.indexOf(':', nameEnd) + 1);
    const end = endOfValue(text, start);
    if (slices.has(name)) return undefined;
    slices.set(name, text.slice(start, end).trimEnd());
    at = skipSpace(text, end + 1); // behind the comma, or the end
  }
  return slices;
}

/** So that whatever is cut below is well-formed. */
function isObject(text: string): boolean {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json);
  } catch {
    return false;
  }
}

/** Behind a value: where the comma or the object's end is. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const sign = text[at];
    if (sign === '"') {
      at = endOfText(text, at);
      continue;
    }
    if (depth === 0 && (sign === ',' || sign === '}')) return at;
    if (sign === '{' || sign === '[') depth += 1;
    if (sign === '}' || sign === ']') depth -= 1;
    at += 1;
  }
  return at;
}

/** Behind the closing quote of the text that begins at `start`; what is escaped closes nothing. */
function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (' \t\n\r'.includes(text[at] ?? '-')) at += 1;
  return at;
}
