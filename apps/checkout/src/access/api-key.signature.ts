import { createHash, timingSafeEqual } from 'node:crypto';

/** A key as it is made: `key` is shown once, the rest is kept. */
export type MintedKey = Readonly<{ keyId: string; key: string; sha256: string }>;

export const KEY_RANDOM_BYTES = 40;
const ID_BYTES = 8;

/** `hk_<16 hex: which key>_<43 base64url: 256 random bits>`. @param random 40 bytes of a cryptographic source. */
export function mintApiKey(random: Uint8Array): MintedKey {
  if (random.length < KEY_RANDOM_BYTES) throw new RangeError('a key needs 40 random bytes');
  const bytes = Buffer.from(random);
  const keyId = bytes.toString('hex', 0, ID_BYTES);
  const key = `hk_${keyId}_${bytes.toString('base64url', ID_BYTES, KEY_RANDOM_BYTES)}`;
  return { keyId, key, sha256: hashOf(key).toString('hex') };
}

/** Which key it says to be; undefined if it has not the form of a key. */
export const keyIdOf = (presented: string): string | undefined =>
  /^hk_([0-9a-f]{16})_[\w-]{43}$/.exec(presented)?.[1];

/** In constant time. The key is random and long: no salt, no slow hash. */
export const isKey = (presented: string, sha256: string): boolean =>
  timingSafeEqual(hashOf(presented), Buffer.from(sha256, 'hex'));

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
