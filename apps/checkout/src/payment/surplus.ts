import type { RefundId, SurplusReason } from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';
import type { Receipt } from './receipt.js';
import { isUnsettled, type Refund } from './refund.js';

/** Money that is not the payment's, and on its way back. */
export type Surplus = Receipt &
  Readonly<{
    reason: SurplusReason;
    /** Every try to give it back, oldest first: all but the last were refused for certain. */
    refunds: readonly Refund[];
  }> &
  (
    | Readonly<{ status: 'taken'; /** When the next try is due. */ dueAt: Date }>
    | Readonly<{ status: 'refunding' | 'refunded' }>
    // Refused so often that a person has to look.
    | Readonly<{ status: 'stuck'; since: Date }>
  );

/** What starts a refund of surplus: its time, or an operator. */
export type GiveBackCause = 'due' | 'operator';

type To = readonly Surplus['status'][];
type Row = Readonly<
  Record<GiveBackCause | 'refund.succeeded' | 'refund.failed', To | 'duplicate' | 'refuse'>
>;

/**
 * What happens to surplus in each status: every status that may follow, or none. A refund that was
 * refused may still be given back by hand, so it can come back while nobody is asked for it.
 */
export const surplusTable = {
  taken: {
    due: ['refunding'],
    operator: 'refuse',
    'refund.succeeded': ['refunded'],
    'refund.failed': 'duplicate',
  },
  refunding: {
    due: 'duplicate',
    operator: 'refuse',
    'refund.succeeded': ['refunded'],
    'refund.failed': ['taken', 'stuck'],
  },
  refunded: {
    due: 'duplicate',
    operator: 'refuse',
    'refund.succeeded': 'duplicate',
    'refund.failed': 'refuse',
  },
  stuck: {
    due: 'duplicate',
    operator: ['refunding'],
    'refund.succeeded': ['refunded'],
    'refund.failed': 'duplicate',
  },
} as const satisfies Readonly<Record<Surplus['status'], Row>>;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long after each definite refusal the next try follows. After the last one a person is asked. */
export const RETRY_AFTER_MS: readonly number[] = [
  MINUTE_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  6 * HOUR_MS,
  24 * HOUR_MS,
];

/** Surplus that was just taken: due at once. */
export const taken = (receipt: Receipt, reason: SurplusReason): Surplus => ({
  ...receipt,
  status: 'taken',
  reason,
  refunds: [],
  dueAt: receipt.paidAt,
});

export type GiveBackRefusal = Readonly<{ code: 'surplus_not_stuck' | 'surplus_not_due' }>;

/** A new try to give all of it back, under an id of its own. */
export function giveBack(
  surplus: Surplus,
  cause: GiveBackCause,
  { refundId, now }: Readonly<{ refundId: RefundId; now: Date }>,
): Result<Surplus, GiveBackRefusal> {
  if (typeof surplusTable[surplus.status][cause] === 'string') {
    return refuse({ code: cause === 'operator' ? 'surplus_not_stuck' : 'surplus_not_due' });
  }
  if (surplus.status === 'taken' && surplus.dueAt > now) return refuse({ code: 'surplus_not_due' });
  const { amount } = surplus;
  const refund: Refund = { id: refundId, amount, requestedAt: now, status: 'requested' };
  return ok({ ...moneyOf(surplus), status: 'refunding', refunds: [...surplus.refunds, refund] });
}

/** The surplus once its refunds have become these, by what was heard at `at`. */
export function withRefunds(surplus: Surplus, refunds: readonly Refund[], at: Date): Surplus {
  const known = { ...moneyOf(surplus), refunds };
  if (refunds.some(({ status }) => status === 'succeeded')) return { ...known, status: 'refunded' };
  if (refunds.some(isUnsettled)) return { ...known, status: 'refunding' };
  const afterMs = RETRY_AFTER_MS[refunds.length - 1];
  return afterMs === undefined
    ? { ...known, status: 'stuck', since: at }
    : { ...known, status: 'taken', dueAt: new Date(at.getTime() + afterMs) };
}

const moneyOf = (s: Surplus): Receipt & Pick<Surplus, 'reason'> => ({
  attemptId: s.attemptId,
  provider: s.provider,
  instrument: s.instrument,
  providerRef: s.providerRef,
  amount: s.amount,
  paidAt: s.paidAt,
  reason: s.reason,
});
