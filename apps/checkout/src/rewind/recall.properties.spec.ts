import { describe, expect, it } from '@jest/globals';
import type { CheckoutPayment, PaymentOutcome } from '@hutong/domain-events';
import fc from 'fast-check';
import { advance } from '../payment/advance.js';
import { after, happening, type Happening } from '../payment/happenings.examples.js';
import { outcomesOf } from '../payment/outcomes.js';
import { belongingsOf, type Payment } from '../payment/payment.js';
import { NOW, terms } from '../payment/payment.examples.js';
import { requestsOf } from '../payment/requests.js';
import { methodSelected } from '../select-method/method-selected.js';
import { recalled, type Remembered } from './recall.js';

const requested: Payment = { ...terms, status: 'requested' };
/** Surplus is due again by then, whatever was refused before. */
const LATE = new Date(NOW.getTime() + 30 * 86_400_000);

/** A life as it was, and what the log has of it: what was told, and what was heard. */
function live(happenings: readonly Happening[]) {
  let payment = requested;
  const told: (CheckoutPayment | PaymentOutcome)[] = [];
  const log: Remembered[] = [];
  for (const one of happenings) {
    const next = after(payment, one);
    const occurredAt = 'giveBack' in one ? LATE : NOW;
    // What was refused was parked, and is heard of only if somebody puts it back.
    if ('hear' in one && advance(payment, one.hear, NOW).kind !== 'refused') {
      log.push({ event: one.hear, occurredAt });
    }
    if (next === payment) continue;
    const own = [
      ...choicesIn(payment, next),
      ...requestsOf(payment, next),
      ...outcomesOf(payment, next, occurredAt),
    ];
    told.push(...own);
    log.push(...own.map((event) => ({ event, occurredAt })));
    payment = next;
  }
  return { payment, told, log };
}

const choicesIn = (before: Payment, now: Payment) =>
  belongingsOf(now)
    .attempts.slice(belongingsOf(before).attempts.length)
    .map((attempt) => methodSelected(now.id, attempt, {}));

/** Over and over what is left, as topics cross. */
function recall({ log, told }: Pick<ReturnType<typeof live>, 'log' | 'told'>): Payment {
  let payment = requested;
  let left = log;
  for (;;) {
    const before = payment;
    left = left.filter((one) => {
      const step = recalled(payment, one, told);
      if (step.kind === 'moved') ({ payment } = step);
      return step.kind === 'waits';
    });
    if (payment === before) return payment;
  }
}

describe('a payment that is recalled', () => {
  it('is what it was, its money and attempts included', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 24 }), (happenings) => {
        const lived = live(happenings);
        expect(booksOf(recall(lived))).toEqual(booksOf(lived.payment));
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes no move whose outcome others have not heard', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 24 }), (happenings) => {
        const { log, told } = live(happenings);
        const chosen = told.filter(({ type }) => type === 'payment.method_selected');
        const now = recall({ log, told: chosen });
        expect(outcomesOf(requested, now, NOW)).toEqual([]);
      }),
    );
  });
});

/** What the books are made of. */
const booksOf = (p: Payment) => {
  const { receipt, refunds, surplus, attempts } = belongingsOf(p);
  return {
    status: p.status,
    attempts: attempts.map(({ id, status }) => [id, status]),
    receipt: receipt?.providerRef,
    refunds: refunds.map(({ id, status, amount }) => [id, status, amount]),
    surplus: surplus.map((s) => [
      s.providerRef,
      s.status,
      s.refunds.map(({ id, status }) => [id, status]),
    ]),
  };
};
