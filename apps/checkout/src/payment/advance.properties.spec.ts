import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { advance, receiptsOf } from './advance.js';
import { isOpen } from './attempt.js';
import { after, columnOf, happening, type Happening } from './happenings.examples.js';
import { belongingsOf, isWon, type Payment } from './payment.js';
import { movesOf, paymentTable } from './payment-table.js';
import { NOW, terms } from './payment.examples.js';
import { refundedOf, refundTable } from './refund.js';

const start: Payment = { ...terms, status: 'requested' };
const happenings = fc.array(happening, { maxLength: 60, size: 'max' });

/** Whatever happens, in whatever order, however often: as the database would hold it. */
function live(all: readonly Happening[]): Payment[] {
  const states: Payment[] = [start];
  for (const one of all) states.push(after(states.at(-1) ?? start, one));
  return states;
}

const always = (holds: (states: readonly Payment[], all: readonly Happening[]) => boolean): void =>
  fc.assert(
    fc.property(happenings, (all) => holds(live(all), all)),
    { numRuns: 500 },
  );

/** Each step with what was before and after it. */
const stepsOf = (states: readonly Payment[], all: readonly Happening[]) =>
  all.map((one, i) => ({ one, before: states[i] ?? start, next: states[i + 1] ?? start }));

describe('whatever happens to a payment, in whatever order, however often', () => {
  it('money that came is the payment’s or surplus, each once, and none gets lost', () => {
    always((states, all) => {
      const known = new Set<string>();
      for (const { one, before } of stepsOf(states, all)) {
        if (!('hear' in one) || one.hear.type !== 'attempt.succeeded') continue;
        const of = one.hear.attemptId;
        const chosen = belongingsOf(before).attempts.some((a) => a.id === of);
        if (chosen) known.add(one.hear.providerRef);
      }
      const refs = receiptsOf(states.at(-1) ?? start).map((r) => r.providerRef);
      return refs.length === known.size && refs.every((ref) => known.has(ref));
    });
  });

  it('what paid it is of the asked amount, and never changes', () => {
    always((states) => {
      const winners = states.flatMap((p) => (isWon(p) ? [p.receipt] : []));
      return winners.every((w) => w === winners[0] && w.amount.minor === terms.amount.minor);
    });
  });

  it('it moves as its table says', () => {
    always((states, all) =>
      stepsOf(states, all).every(({ one, before, next }) => {
        if (before === next) return true;
        const column = columnOf(before, one);
        if (column === undefined) return before.status === next.status;
        const cell: unknown = paymentTable[before.status][column];
        return Array.isArray(cell) ? cell.includes(next.status) : before.status === next.status;
      }),
    );
  });

  it('every move of the table happens', () => {
    const seen = new Set<string>();
    for (const all of fc.sample(happenings, { numRuns: 20_000, seed: 20231124 })) {
      for (const { one, before, next } of stepsOf(live(all), all)) {
        const column = before === next ? undefined : columnOf(before, one);
        if (column !== undefined) seen.add(`${before.status} ${column} ${next.status}`);
      }
    }
    const listed = movesOf(paymentTable).map(({ from, on, to }) => `${from} ${on} ${to}`);
    expect(listed.filter((move) => !seen.has(move))).toEqual([]);
  }, 60_000);

  it('it is paying or closing exactly while it is unpaid and an attempt is open', () => {
    always((states) =>
      states.every((p) => {
        if (p.status === 'requested' || isWon(p)) return true;
        return p.attempts.some(isOpen) === (p.status === 'paying' || p.status === 'closing');
      }),
    );
  });

  it('attempts are closing only where the payment is, or where another one won', () => {
    always((states) =>
      states.every((p) => {
        const anyClosing = belongingsOf(p).attempts.some((a) => a.status === 'closing');
        return !anyClosing || p.status === 'closing' || isWon(p);
      }),
    );
  });

  it('no more goes back than was taken, of any money', () => {
    always((states) =>
      states.every((p) => {
        const { receipt, refunds, surplus } = belongingsOf(p);
        const own = receipt === undefined ? [] : [{ receipt, refunds }];
        return [...own, ...surplus.map((s) => ({ receipt: s, refunds: s.refunds }))].every(
          (one) => refundedOf(one.receipt, one.refunds).minor <= one.receipt.amount.minor,
        );
      }),
    );
  });

  it('a refund ends as the provider says, and only a failure may still become money', () => {
    always((states, all) =>
      stepsOf(states, all).every(({ before, next }) =>
        belongingsOf(before).refunds.every((refund) => {
          const now = belongingsOf(next).refunds.find(({ id }) => id === refund.id);
          if (now === undefined || now === refund) return now !== undefined;
          return Object.values(refundTable[refund.status]).includes('advance');
        }),
      ),
    );
  });

  it('what was just heard, heard again at once, is a duplicate', () => {
    always((states, all) =>
      stepsOf(states, all).every(
        ({ one, before, next }) =>
          !('hear' in one) || before === next || advance(next, one.hear, NOW).kind === 'duplicate',
      ),
    );
  });
});
