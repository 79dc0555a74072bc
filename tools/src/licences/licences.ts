/** A package that is installed, or would be on another machine. */
export type Licensed = Readonly<{
  name: string;
  version: string;
  /** As it says itself; whatever it is. */
  licence: unknown;
}>;

/** Those that ask for no more than their text to be kept: as SPDX has them. */
const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
]);

/** Looked at one by one: what the package says, and why it may stay. A change of it is looked at anew. */
const LOOKED_AT: Readonly<Record<string, Readonly<{ says: string; because: string }>>> = {
  'caniuse-lite': {
    says: 'CC-BY-4.0',
    because: 'data about browsers, for compiling specs; no part of what is run or shipped',
  },
  elkjs: {
    says: 'EPL-2.0',
    because: "draws graphs in Prisma's own studio, unaltered, and is in no image",
  },
  jsonify: { says: 'Public Domain', because: 'of patch-package, which runs at installing alone' },
  'seq-queue': { says: 'undefined', because: 'its LICENSE file is the text of MIT' },
};

/** What is wrong, one line a package, beginning with its name; nothing if all may be used. */
export const licenceProblems = (packages: readonly Licensed[]): string[] =>
  packages.flatMap(({ name, version, licence }) => {
    const said = textOf(licence);
    if (LOOKED_AT[name]?.says === said || isAllowed(said)) return [];
    return [`${name} ${version}: ${said === 'undefined' ? 'says no licence' : said}`];
  });

/** Names of those that were looked at one by one: none of them is in an image. */
export const lookedAt = (): string[] => Object.keys(LOOKED_AT);

/** Old packages have lists of licences, any of which one may choose, as names or as objects. */
function textOf(licence: unknown): string {
  if (Array.isArray(licence)) return licence.map(textOf).join(' OR ');
  if (typeof licence === 'object' && licence !== null && 'type' in licence) {
    return String(licence.type);
  }
  return String(licence);
}

/** Of an SPDX expression: one of what `OR` joins, and all of what `AND` does, which binds closer. */
function isAllowed(expression: string): boolean {
  const text = withoutParentheses(expression.trim());
  if (/[()]/.test(text)) return false; // nested: nobody has one, and it would be looked at
  return text
    .split(/ or /i)
    .some((choice) => choice.split(/ and /i).every((one) => ALLOWED.has(one.trim())));
}

const withoutParentheses = (text: string): string => /^\(([^()]*)\)$/.exec(text)?.[1] ?? text;
