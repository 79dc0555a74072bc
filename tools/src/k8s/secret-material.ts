/** Words that may be keys: long, of the letters that base64, base64url and hex have. */
const WORD = /[A-Za-z0-9+/_=-]{20,}/g;
/** Of what people write the letters repeat; a key of 20 letters has more than this, in bits a letter. */
const KEY_ENTROPY = 3.7;

/** Lines of a manifest that hold a secret, or look as if they did; never the line itself. */
export function secretMaterial(text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const says = (what: string): string[] => [`line ${index + 1}: ${what}`];
    if (/-----BEGIN/.test(line)) return says('a key or certificate');
    if (/^kind: Secret$/.test(line)) return says('an object of kind Secret');
    if (/:\/\/[^\s/@:]+:[^\s/@]+@/.test(line)) return says('an address with a password');
    return (line.match(WORD) ?? []).some(looksLikeKey) ? says('what looks like a key') : [];
  });
}

/** Letters of both cases and digits, without the rhythm of words. */
const looksLikeKey = (word: string): boolean =>
  (isMixed(word) || /^[0-9a-f]{32,}$/i.test(word)) && entropyOf(word) > entropyFor(word);

const isMixed = (word: string): boolean =>
  /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word);

/** Hexadecimal digits are sixteen: they hold less each. */
const entropyFor = (word: string): number => (/^[0-9a-f]+$/i.test(word) ? 3 : KEY_ENTROPY);

/** Bits a letter, by how often each occurs. */
function entropyOf(word: string): number {
  const counts = new Map<string, number>();
  for (const letter of word) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return [...counts.values()]
    .map((count) => count / word.length)
    .reduce((sum, share) => sum - share * Math.log2(share), 0);
}
