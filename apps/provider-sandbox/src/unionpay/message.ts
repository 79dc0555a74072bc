import type { Fields } from './unionpay.signature.js';

/**
 * A synchronous answer: pairs in the order of their names, NOT urlencoded, so that base64 keeps its
 * `+` and `/`, a certificate its line ends, and a value in braces its `&`.
 */
export const rawText = (fields: Fields): string =>
  Object.entries(fields)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

/**
 * A form, decoded once. @returns `undefined` for what is none: a part without `=`, a name that is
 * there twice, a bad percent-encoding, bytes that are not UTF-8, a character that is not encoded.
 */
export function readForm(text: string): Fields | undefined {
  if (!/^[!-~]+$/.test(text)) return undefined;
  const given = new Map<string, string>();
  for (const part of text.split('&')) {
    const [, rawName, rawValue = ''] = /^([^=]+)=(.*)$/s.exec(part) ?? [];
    const name = decoded(rawName);
    const value = decoded(rawValue);
    if (name === undefined || value === undefined || given.has(name)) return undefined;
    given.set(name, value);
  }
  return Object.fromEntries(given);
}

function decoded(part: string | undefined): string | undefined {
  try {
    return part && decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    return undefined; // a lone % or a byte that is not UTF-8
  }
}
