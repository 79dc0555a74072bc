import type { Form } from '@hutong/form';

const CLOSES: Readonly<Record<string, string>> = { '{': '}', '[': ']' };
const CLOSING = Object.values(CLOSES);

/**
 * A synchronous answer → its fields. Unlike a form it is not encoded, so that nothing is decoded: base64
 * keeps its `+` and `=`, a certificate its line ends. The first `=` of a pair ends its name; what stands
 * between braces or brackets ends nothing, an `&` in them included.
 * @returns undefined if nobody can say where its pairs end: braces that do not match, a pair without a
 *   name or without `=`, a name that is there twice.
 */
export function answerOf(text: string): Form | undefined {
  const pairs = pairsOf(text);
  if (pairs === undefined) return undefined;
  const fields = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at);
    if (at < 1 || !NAME.test(name) || fields.has(name)) return undefined;
    fields.set(name, pair.slice(at + 1));
  }
  return Object.fromEntries(fields);
}

/** As all of theirs: whatever else stands before a `=` belongs to a value that was cut wrongly. */
const NAME = /^[0-9A-Za-z_]{1,64}$/;

function pairsOf(text: string): readonly string[] | undefined {
  const pairs: string[] = [];
  const open: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const closes = CLOSES[character];
    if (closes !== undefined) open.push(closes);
    else if (CLOSING.includes(character)) {
      if (open.pop() !== character) return undefined;
    } else if (character === '&' && open.length === 0) {
      pairs.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return open.length === 0 ? [...pairs, text.slice(start)] : undefined;
}
