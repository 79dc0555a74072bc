import type { FailureReason, ProviderRef, RefundId, RefundReported } from '@hutong/domain-events';
import { equals, money, zero, type Money } from '@hutong/money';
import { assertNever } from '@hutong/result';
import type { Answer } from './attempt.js';
import type { Receipt } from './receipt.js';

/** One try to give back money of one receipt: what was asked for, whatever became of it. */
export type RefundAsked = Readonly<{
  id: RefundId;
  amount: Money;
  /** The merchant's words, for the payer. At most 80 characters. */
  why?: string | undefined;
  requestedAt: Date;
}>;

/** A refund with what became of it. */
export type Refund = RefundAsked &
  (
    | Readonly<{ status: 'requested' | 'pending' }>
    | Readonly<{ status: 'succeeded'; providerRef: ProviderRef; refundedAt: Date }>
    | Readonly<{ status: 'failed'; reason: FailureReason }>
  );

/**
 * The refund's half of the state machine. A provider may still give back by hand what it had refused:
 * that is money, so it counts. What it has given back it cannot refuse any more.
 */
export const refundTable: Readonly<
  Record<Refund['status'], Readonly<Record<RefundReported['type'], Answer>>>
> = {
  requested: {
    'refund.pending': 'advance',
    'refund.succeeded': 'advance',
    'refund.failed': 'advance',
  },
  pending: {
    'refund.pending': 'duplicate',
    'refund.succeeded': 'advance',
    'refund.failed': 'advance',
  },
  succeeded: {
    'refund.pending': 'duplicate',
    'refund.succeeded': 'duplicate',
    'refund.failed': 'refuse',
  },
  failed: {
    'refund.pending': 'duplicate',
    'refund.succeeded': 'advance',
    'refund.failed': 'duplicate',
  },
};

/** Whether it may still give money back, as far as anyone knows. */
export const isUnsettled = ({ status }: Refund): boolean =>
  status === 'requested' || status === 'pending';

/** What of the receipt has gone back for certain. */
export const refundedOf = (receipt: Receipt, refunds: readonly Refund[]): Money =>
  sum(
    receipt.amount,
    refunds.filter(({ status }) => status === 'succeeded'),
  );

/** What of the receipt may still be asked back: what is under way counts as gone. Never below nothing. */
export function refundableOf(receipt: Receipt, refunds: readonly Refund[]): Money {
  const kept = refunds.filter(({ status }) => status !== 'failed');
  const gone = sum(receipt.amount, kept).minor;
  const { minor, currency } = receipt.amount;
  return gone > minor ? zero(receipt.amount) : money(minor - gone, currency);
}

const sum = (like: Money, refunds: readonly Refund[]): Money =>
  money(
    refunds.reduce((all, { amount }) => all + amount.minor, 0n),
    like.currency,
  );

/** What a report made of the refunds of one receipt. */
export type Heard =
  | Readonly<{ kind: 'advanced'; refunds: readonly Refund[] }>
  | Readonly<{ kind: 'duplicate' }>
  | Readonly<{ kind: 'refused'; reason: string }>;

/** What `news` makes of a receipt's refunds; undefined if it is of none of them. */
export function hearRefund(
  receipt: Receipt,
  refunds: readonly Refund[],
  news: RefundReported,
): Heard | undefined {
  const refund = refunds.find(({ id }) => id === news.refundId);
  if (refund === undefined) return undefined;
  const objection = objectionTo(receipt, refund, news);
  if (objection !== undefined) return { kind: 'refused', reason: objection };
  switch (refundTable[refund.status][news.type]) {
    case 'duplicate':
      return { kind: 'duplicate' };
    case 'refuse':
      return { kind: 'refused', reason: `${news.type} while the refund is ${refund.status}` };
    case 'advance':
      break;
  }
  const after = refunds.map((one) => (one === refund ? moved(refund, news) : one));
  return refundedOf(receipt, after).minor > receipt.amount.minor
    ? { kind: 'refused', reason: 'more would have gone back than was taken' }
    : { kind: 'advanced', refunds: after };
}

function objectionTo(receipt: Receipt, asked: RefundAsked, news: RefundReported) {
  if (news.attemptId !== receipt.attemptId || news.provider !== receipt.provider) {
    return `${news.type} of another attempt than was refunded`;
  }
  const other = news.type === 'refund.succeeded' && !equals(news.amount, asked.amount);
  return other ? 'another amount went back than was asked' : undefined;
}

function moved({ id, amount, why, requestedAt }: RefundAsked, news: RefundReported): Refund {
  const asked: RefundAsked = { id, amount, why, requestedAt };
  switch (news.type) {
    case 'refund.pending':
      return { ...asked, status: 'pending' };
    case 'refund.succeeded': {
      const { providerRef, refundedAt } = news;
      return { ...asked, status: 'succeeded', providerRef, refundedAt };
    }
    case 'refund.failed':
      return { ...asked, status: 'failed', reason: news.reason };
    default:
      return assertNever(news);
  }
}
