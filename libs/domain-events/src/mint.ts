import {
  attemptId,
  eventId,
  paymentId,
  refundId,
  type AttemptId,
  type EventId,
  type PaymentId,
  type RefundId,
} from './ids.js';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Everything an id is made of comes from the caller, so that minting stays pure. */
type Ingredients = Readonly<{ at: Date; random: Uint8Array }>;

/** @param from 16 random bytes of a cryptographic source; the time takes the place of the first 6. */
export const mintPaymentId = (from: Ingredients): PaymentId => paymentId(uuidV7(from));
/** @param from as `mintPaymentId`. */
export const mintEventId = (from: Ingredients): EventId => eventId(uuidV7(from));
/** @param from 16 random bytes, of which 10 are used. */
export const mintAttemptId = (from: Ingredients): AttemptId => attemptId(ulid(from));
/** @param from as `mintAttemptId`. */
export const mintRefundId = (from: Ingredients): RefundId => refundId(ulid(from));

/** RFC 9562, section 5.7: 48 bits of Unix milliseconds, version, 74 random bits with the variant. */
function uuidV7({ at, random }: Ingredients): string {
  const bytes = taken(random, 16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(at.getTime() / 2 ** 32));
  view.setUint32(2, at.getTime() % 2 ** 32);
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

/** The ULID specification: 10 characters of Unix milliseconds, 16 of 80 random bits, Crockford's base 32. */
function ulid({ at, random }: Ingredients): string {
  const digits = taken(random, 10).reduce<bigint>((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return base32(BigInt(at.getTime()), 10) + base32(digits, 16);
}

function base32(value: bigint, length: number): string {
  return Array.from({ length }, (_, index) =>
    CROCKFORD.charAt(Number((value >> BigInt(5 * (length - 1 - index))) & 31n)),
  ).join('');
}

/** @throws RangeError on too little randomness: an id that repeats is money taken twice. */
function taken(random: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  if (random.length < length) throw new RangeError(`an id needs ${length} random bytes`);
  return Uint8Array.from(random.subarray(0, length));
}
