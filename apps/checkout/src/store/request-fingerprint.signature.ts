import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Secret } from '@hutong/config';

/** 256 bits. */
export type FingerprintKey = Uint8Array;

const KEY_BYTES = 32;
const LABEL = 'hutong checkout request fingerprint v1';

/**
 * HKDF-SHA-256 of the pepper under a label of its own: what is made with it says nothing of payer keys,
 * and payer keys nothing of it.
 */
export const fingerprintKeyFrom = (pepper: Secret): FingerprintKey =>
  new Uint8Array(hkdfSync('sha256', pepper.reveal(), '', LABEL, KEY_BYTES));

/**
 * HMAC-SHA-256 over path, line feed and body bytes, hex. Keyed, since a body may name a payer by few
 * enough bits to be guessed: a plain hash of it would tell whoever reads the table when they are right.
 */
export const requestFingerprint = (
  key: FingerprintKey,
  { path, body }: Readonly<{ path: string; body: string | Uint8Array }>,
): string => createHmac('sha256', key).update(`${path}\n`).update(body).digest('hex');

/** In constant time. @param kept as it was stored, of this or an earlier kind. */
export function isSameRequest(fingerprint: string, kept: string): boolean {
  const [one, other] = [Buffer.from(fingerprint, 'hex'), Buffer.from(kept, 'hex')];
  return one.length === other.length && timingSafeEqual(one, other);
}
