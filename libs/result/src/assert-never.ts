/**
 * Closes an exhaustive switch: compiles only while every case is handled.
 * @throws Error if a value reached it all the same, which means that unchecked data got in. It names
 *   the value's code (`status`, `kind` or `type` of an object) and nothing else of it.
 */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${codeOf(value)}`);
}

/** A code of ours is lower-case words; whatever looks otherwise may be somebody's data. */
function codeOf(value: unknown): string {
  if (typeof value === 'string') return /^[a-z][a-z_.]{0,39}$/.test(value) ? value : 'a text';
  if (value === null) return 'null';
  if (typeof value !== 'object') return `a ${typeof value}`;
  const named = Object.entries(value).find(([name]) => /^(status|kind|type)$/.test(name));
  const code: unknown = named?.[1];
  return typeof code === 'string' ? codeOf(code) : 'an object';
}
