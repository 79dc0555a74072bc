import { createHmac } from 'node:crypto';
import type { Secret } from '@hutong/config';
import { payerKey, type PayerKey, type PlatformId } from '@hutong/domain-events';

/**
 * The first 128 bits of HMAC-SHA-256(pepper, platform and user id), hex. Each part is preceded by its
 * length in bytes (32 bits, big-endian), so that no two pairs are the same bytes.
 */
export function payerKeyOf(pepper: Secret, platform: PlatformId, userId: string): PayerKey {
  const mac = createHmac('sha256', pepper.reveal());
  for (const part of [platform, userId]) {
    const bytes = Buffer.from(part, 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    mac.update(length).update(bytes);
  }
  return payerKey(mac.digest('hex').slice(0, 32));
}

/** Tells peppers apart without telling anything of them. */
export const fingerprintOf = (pepper: Secret): string =>
  createHmac('sha256', pepper.reveal()).update('hutong pepper fingerprint').digest('hex');
