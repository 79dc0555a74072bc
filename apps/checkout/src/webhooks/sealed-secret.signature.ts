import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

/** Keys that secrets are sealed with: the first seals, all of them open. */
export type SealingKeys = readonly [SealingKey, ...SealingKey[]];
type SealingKey = Readonly<{ id: string; bytes: Buffer }>;

export const SEAL_RANDOM_BYTES = 12;
const TAG_BYTES = 16;

/**
 * One key a line, 64 hexadecimal digits. To replace a key put the new one above it, and take the old
 * one away once every endpoint has had its secret rotated.
 * @throws Error, never with the text, if a line is no key.
 */
export function parseSealingKeys(text: string): SealingKeys {
  const [first, ...others] = text.split(/\r?\n/).map((line) => {
    if (!/^[0-9a-f]{64}$/i.test(line)) throw new Error('a sealing key is 64 hexadecimal digits');
    const bytes = Buffer.from(line, 'hex');
    return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
  });
  if (first === undefined) throw new Error('there is no sealing key');
  return [first, ...others];
}

/**
 * AES-256-GCM, written `v1.<key id>.<base64url of nonce, text, tag>`.
 * @param owner whose secret it is: sealed for one, it opens for nobody else.
 * @param random 12 bytes of a cryptographic source, never the same twice.
 */
export function seal(
  [key]: SealingKeys,
  { secret, owner, random }: Readonly<{ secret: string; owner: string; random: Uint8Array }>,
): string {
  const cipher = createCipheriv('aes-256-gcm', key.bytes, random).setAAD(Buffer.from(owner));
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  const sealed = Buffer.concat([random, text, cipher.getAuthTag()]);
  return `v1.${key.id}.${sealed.toString('base64url')}`;
}

/** @throws Error if it was sealed with a key that is not here, for somebody else, or was changed. */
export function unseal(keys: SealingKeys, sealed: string, owner: string): string {
  const [version, keyId, text = ''] = sealed.split('.');
  const key = keys.find(({ id }) => id === keyId);
  if (version !== 'v1' || key === undefined) throw new Error('sealed with a key that is not here');
  const bytes = Buffer.from(text, 'base64url');
  const nonce = bytes.subarray(0, SEAL_RANDOM_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(owner))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  const hidden = bytes.subarray(SEAL_RANDOM_BYTES, -TAG_BYTES);
  return Buffer.concat([decipher.update(hidden), decipher.final()]).toString('utf8');
}
