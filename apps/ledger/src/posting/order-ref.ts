import type { AttemptId, RefundId } from '@hutong/domain-events';
import type { MoneyOutcome } from './posting.js';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Under which of our numbers the provider knows this money: its attempt's, or its refund's. */
export const orderRefOf = (outcome: MoneyOutcome): string =>
  uuidOf('refundId' in outcome ? outcome.refundId : outcome.attempt.attemptId);

/** The 128 bits of a ULID in a UUID's form, which is how the books keep it. */
export function uuidOf(ulid: AttemptId | RefundId): string {
  const bits = [...ulid].reduce((sum, digit) => (sum << 5n) | BigInt(CROCKFORD.indexOf(digit)), 0n);
  const hex = bits.toString(16).padStart(32, '0');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
