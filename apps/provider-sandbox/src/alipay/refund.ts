import { add, compare, equals, zero, type Money } from '@hutong/money';
import { ok, refuse, type Result } from '@hutong/result';

/** One refund of a trade, under the merchant's own number for it. */
export type Refund = Readonly<{
  outRequestNo: string;
  amount: Money;
  reason: string | undefined;
  createdAt: Date;
  /** When it was asked for, on the timeline of gaps: the next one has to keep its distance. */
  gapMs: number;
}> &
  (
    | Readonly<{ status: 'SUCCESS'; at: Date }>
    /** Accepted; the money has not moved yet. */
    | Readonly<{ status: 'PENDING' }>
    /** Accepted, and the money did not move after all: under the same number it may be asked for again. */
    | Readonly<{ status: 'FAILED' }>
  );

/** What a refund takes from, and when. `gapMs` is on the timeline of gaps. */
export type Refunding = Readonly<{
  captured: Money;
  refunds: readonly Refund[];
  gapMs: number;
  /** What the merchant's account can give. */
  balance: Money;
}>;

export type RefundRefusal = 'discordant' | 'too_much' | 'too_soon' | 'not_enough';

/** Between two refunds of one trade. */
export const REFUND_GAP_MS = 3_000;

/**
 * Whether a refund may be begun, or is the repeat of one: then it is told as it stands.
 * @returns `undefined` for a new one, or one whose first try failed.
 */
export function allowRefund(
  { captured, refunds, gapMs, balance }: Refunding,
  asked: Readonly<{ outRequestNo: string; amount: Money }>,
): Result<Refund | undefined, RefundRefusal> {
  const known = refunds.find(({ outRequestNo }) => outRequestNo === asked.outRequestNo);
  if (known !== undefined && !equals(known.amount, asked.amount)) return refuse('discordant');
  if (known !== undefined && known.status !== 'FAILED') return ok(known);
  if (compare(add(reservedOf(refunds, captured), asked.amount), captured) > 0) {
    return refuse('too_much');
  }
  const last = refunds.at(-1);
  if (last !== undefined && last !== known && gapMs - last.gapMs < REFUND_GAP_MS) {
    return refuse('too_soon');
  }
  return compare(asked.amount, balance) > 0 ? refuse('not_enough') : ok(undefined);
}

/** What has moved: `refund_fee` is this sum, not the amount of one refund. */
export const refundedOf = (refunds: readonly Refund[], like: Money): Money =>
  sumOf(
    refunds.filter(({ status }) => status === 'SUCCESS'),
    like,
  );

/** What has moved or may still. */
export const reservedOf = (refunds: readonly Refund[], like: Money): Money =>
  sumOf(
    refunds.filter(({ status }) => status !== 'FAILED'),
    like,
  );

const sumOf = (refunds: readonly Refund[], like: Money): Money =>
  refunds.reduce((sum, { amount }) => add(sum, amount), zero(like));
