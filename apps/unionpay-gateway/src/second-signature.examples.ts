import { createHash } from 'node:crypto';

/** What RSA signs of a message, said once more and otherwise, so that the gateway's own way is compared. */
export function signedTextDigest(fields: Readonly<Record<string, string>>): Buffer {
  const names = Object.keys(fields).filter((name) => name !== 'signature' && fields[name] !== '');
  names.sort();
  const hash = createHash('sha256');
  names.forEach((name, i) => hash.update(`${i === 0 ? '' : '&'}${name}=${fields[name]}`));
  return Buffer.from(hash.digest('hex'));
}
