import { createHmac } from 'node:crypto';

export const SECRET_RANDOM_BYTES = 32;
const PREFIX = 'whsec_';

/** `whsec_<base64>`, as Standard Webhooks writes a secret. @param random 32 bytes of a cryptographic source. */
export function secretFrom(random: Uint8Array): string {
  if (random.length !== SECRET_RANDOM_BYTES) throw new RangeError('a secret has 32 random bytes');
  return `${PREFIX}${Buffer.from(random).toString('base64')}`;
}

export type SignedContent = Readonly<{
  webhookId: string;
  /** Of this try: a receiver refuses what is minutes old, so that nobody can play it back. */
  at: Date;
  body: string;
}>;

/**
 * The headers that say who sent a webhook: id, seconds since 1970, and a signature for each secret.
 * @param secrets the newest first; two while one is being replaced.
 * Source: Standard Webhooks 1.0.0, "Signature scheme": HMAC-SHA256 over `id.timestamp.body`.
 */
export function signatureHeaders(
  { webhookId, at, body }: SignedContent,
  secrets: readonly string[],
): Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const seconds = String(Math.floor(at.getTime() / 1_000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    const signed = `${webhookId}.${seconds}.${body}`;
    return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  });
  return {
    'webhook-id': webhookId,
    'webhook-timestamp': seconds,
    'webhook-signature': signatures.join(' '),
  };
}
