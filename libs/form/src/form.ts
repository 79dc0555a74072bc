/** Every field of a form, decoded exactly once. */
export type Form = Readonly<Record<string, string>>;

const MAX_FIELDS = 200;

/**
 * `application/x-www-form-urlencoded` → its fields. Decoded once: a value may hold `%` and `+` of its own.
 * @returns undefined if it is no UTF-8 form, or names a field twice: which one was signed nobody can say.
 */
export function formOf(body: Uint8Array): Form | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const pairs = text.split('&', MAX_FIELDS + 1).map(pairOf);
    const fields = new Map(pairs);
    const isWhole = fields.size === pairs.length && pairs.length <= MAX_FIELDS && !fields.has('');
    return isWhole ? Object.fromEntries(fields) : undefined;
  } catch {
    return undefined; // bytes that are no UTF-8, or a `%` that escapes nothing
  }
}

function pairOf(pair: string): readonly [name: string, value: string] {
  const at = pair.indexOf('=');
  const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
  return [decoded(name), decoded(value)];
}

const decoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));

/** The fields as a form, or as the query of an address. */
export const formText = (fields: Form): string =>
  Object.entries(fields)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
