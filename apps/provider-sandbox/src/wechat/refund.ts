import { add, compare, equals, zero, type Money } from '@hutong/money';
import { assertNever, ok, refuse, type Result } from '@hutong/result';

/** What the merchant asked to be given back. It never changes. */
export type RefundTerms = Readonly<{
  outRefundNo: string;
  reason: string | undefined;
  amount: Money;
  /** What the merchant believes the order to be worth. */
  total: Money;
  /** Without it nothing is ever told of this refund. */
  notifyUrl: string | undefined;
  /** Everything that was asked, as canonical JSON: asked again it must be the same. */
  asked: string;
}>;

type Base = Readonly<{
  terms: RefundTerms;
  refundId: string;
  createdAt: Date;
  /** When it was asked for, on the timeline of gaps: the next one has to keep its distance. */
  gapMs: number;
}>;

export type Refund = Base &
  (
    | Readonly<{ status: 'PROCESSING' }>
    | Readonly<{ status: 'SUCCESS'; at: Date }>
    /** The payer's account did not take it: only hand work ends it. */
    | Readonly<{ status: 'ABNORMAL' }>
    /** It will not happen; the money can be refunded under another number. */
    | Readonly<{ status: 'CLOSED' }>
  );

export type RefundEnd = 'SUCCESS' | 'ABNORMAL' | 'CLOSED';

/** What a refund takes from. */
export type Refundable = Readonly<{
  amount: Money;
  /** When it was paid, on the orders' timeline. */
  paidMs: number;
  refunds: readonly Refund[];
}>;

/** When it is asked, on both timelines, and what the merchant's account can give. */
export type Asking = Readonly<{ orderMs: number; gapMs: number; balance: Money }>;

export type RefundRefusal =
  'other_total' | 'overdue' | 'too_much' | 'too_many' | 'too_soon' | 'not_enough';

const YEAR_MS = 365 * 24 * 3_600_000;
const MOST_PER_ORDER = 50;
export const REFUND_GAP_MS = 60_000;

/** Whether a new refund may be begun. The first rule that is broken answers. */
export function allowRefund(
  { amount, paidMs, refunds }: Refundable,
  terms: Pick<RefundTerms, 'amount' | 'total'>,
  asking: Asking,
): Result<Money, RefundRefusal> {
  if (!equals(terms.total, amount)) return refuse('other_total');
  if (asking.orderMs - paidMs > YEAR_MS) return refuse('overdue');
  if (compare(add(givenBack(refunds, amount), terms.amount), amount) > 0) return refuse('too_much');
  if (refunds.length >= MOST_PER_ORDER) return refuse('too_many');
  const last = refunds.at(-1);
  if (last !== undefined && asking.gapMs - last.gapMs < REFUND_GAP_MS) return refuse('too_soon');
  if (compare(terms.amount, asking.balance) > 0) return refuse('not_enough');
  return ok(terms.amount);
}

/** What is refunded or may still be: a closed refund gives nothing back. */
export const givenBack = (refunds: readonly Refund[], like: Money): Money =>
  refunds
    .filter(({ status }) => status !== 'CLOSED')
    .reduce((sum, { terms }) => add(sum, terms.amount), zero(like));

/** How a refund ends. Hand work may still end an abnormal one; the others are final. */
export function endRefund(refund: Refund, end: RefundEnd, at: Date): Result<Refund, 'final'> {
  switch (refund.status) {
    case 'SUCCESS':
    case 'CLOSED':
      return refuse('final');
    case 'ABNORMAL':
      return end === 'ABNORMAL' ? refuse('final') : ok(ended(refund, end, at));
    case 'PROCESSING':
      return ok(ended(refund, end, at));
    default:
      return assertNever(refund);
  }
}

function ended({ terms, refundId, createdAt, gapMs }: Base, end: RefundEnd, at: Date): Refund {
  const base = { terms, refundId, createdAt, gapMs };
  return end === 'SUCCESS' ? { ...base, status: end, at } : { ...base, status: end };
}
