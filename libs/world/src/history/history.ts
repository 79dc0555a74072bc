import { createHash } from 'node:crypto';
import {
  merchantId,
  mintAttemptId,
  mintEventId,
  mintPaymentId,
  mintRefundId,
  payerKey,
  platformId,
  providerRef,
  type AttemptFacts,
  type Envelope,
  type PaymentFacts,
  type PaymentOutcome,
  type PaymentPaid,
  type PaymentRefunded,
} from '@hutong/domain-events';
import { money } from '@hutong/money';
import { Dice } from './dice.js';
import { BEGINNING, habits, type Habit } from './habits.js';

/** Which history, and how long: the same seed and number of payments tell the same. */
export type HistoryAsked = Readonly<{
  seed: number;
  payments: number;
  /** The first moment that is not told of. */
  until: Date;
}>;

/** What checkout would have told, one event of one payment after another. */
export type Past = readonly Envelope<PaymentOutcome>[];

const DAY_MS = 86_400_000;
/** The first moment of a day in Beijing. */
const startOf = (day: string): Date => new Date(`${day}T00:00:00+08:00`);
const START = startOf(BEGINNING);
/** Of each platform. A few of them buy and sell the most, as people do. */
const PAYERS = 700;
const MERCHANTS = 40;
const REFUNDED = 0.06;
const DECLINED = 0.03;

/** Years of payments, by the day on which they were asked for. Pure. */
export function history({ seed, payments, until }: HistoryAsked): Past {
  const dice = new Dice(seed);
  const span = until.getTime() - START.getTime();
  // A root of an even number leans towards the end: every year sees more payments than the one before.
  const moments = Array.from({ length: payments }, () => Math.sqrt(dice.throw()) * span);
  return moments
    .toSorted((a, b) => a - b)
    .flatMap((after) => onePayment(new Date(Math.floor(START.getTime() + after)), seed, dice))
    .filter(({ occurredAt }) => occurredAt < until);
}

/** What became of a payment that was asked for at `at`. */
function onePayment(at: Date, seed: number, dice: Dice): Past {
  const habit = dice.oneOf(habits.filter(({ since }) => at >= startOf(since)));
  const { platform, method } = habit;
  const payment: PaymentFacts = {
    platform: platformId(platform),
    merchantId: merchantId(`${platform}-shop-${few(dice, MERCHANTS)}`),
    payerKey: payerKey(hexOf(`${seed} ${platform} ${few(dice, PAYERS)}`)),
    requestedAt: at,
  };
  const attempt: AttemptFacts = {
    attemptId: mintAttemptId({ at, random: dice.bytes(16) }),
    ...method,
    paidByAnother: false,
  };
  const paymentId = mintPaymentId({ at, random: dice.bytes(16) });
  // From one yuan to ten thousand, small amounts as often as large ones have room.
  const wanted = BigInt(Math.floor(10 ** (2 + 4 * dice.throw())));
  const amount = money(allowed(wanted, habit, at), 'CNY');
  const occurredAt = new Date(at.getTime() + 20_000 + dice.below(60_000));
  const about = { paymentId, payment, attempt, amount, occurredAt };
  if (dice.throw() < DECLINED) {
    const failed = { type: 'payment.attempt_failed', reason: 'declined', ...about } as const;
    return [told(failed, 1, dice)];
  }
  const ref = providerRef(hexOf(attempt.attemptId));
  const paid: PaymentPaid = { type: 'payment.paid', ...about, providerRef: ref };
  return dice.throw() < REFUNDED
    ? [told(paid, 1, dice), told(refundOf(paid, dice), 2, dice)]
    : [told(paid, 1, dice)];
}

/** What is above a limit is bought in smaller parts, or by other ways. */
const allowed = (minor: bigint, { capped }: Habit, at: Date): bigint =>
  capped !== undefined && at < startOf(capped.before) && minor > capped.minor
    ? capped.minor
    : minor;

/** All of it or a half, within two weeks. */
function refundOf(paid: PaymentPaid, dice: Dice): PaymentRefunded {
  const occurredAt = new Date(paid.occurredAt.getTime() + dice.below(14 * DAY_MS));
  const { minor, currency } = paid.amount;
  const refundId = mintRefundId({ at: occurredAt, random: dice.bytes(16) });
  return {
    ...paid,
    type: 'payment.refunded',
    refundId,
    amount: money(dice.throw() < 0.5 ? minor : (minor + 1n) / 2n, currency),
    providerRef: providerRef(hexOf(refundId)),
    occurredAt,
  };
}

const told = (
  event: PaymentOutcome & Readonly<{ occurredAt: Date }>,
  sequence: number,
  dice: Dice,
): Envelope<PaymentOutcome> => ({
  id: mintEventId({ at: event.occurredAt, random: dice.bytes(16) }),
  source: 'checkout',
  occurredAt: event.occurredAt,
  businessTime: event.occurredAt,
  sequence,
  event,
});

/** A number below `of`, low ones more often. */
const few = (dice: Dice, of: number): number => Math.floor(dice.throw() ** 2 * of);

/** 128 bits that look like any others, from a name. */
const hexOf = (name: string): string =>
  createHash('sha256').update(name).digest('hex').slice(0, 32);
