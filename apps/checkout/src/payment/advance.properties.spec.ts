import { describe, it } from '@jest/globals';
import { attemptId, type AttemptId } from '@hutong/domain-events';
import { money } from '@hutong/money';
import fc from 'fast-check';
import { advance, receiptsOf, type PaymentProgress } from './advance.js';
import { choose } from './choose.js';
import type { Payment } from './payment.js';
import { anOffer, aSuccess, newsOf, noOffer, NOW, terms, WECHAT_QR } from './payment.examples.js';

const IDS = ['A', 'B', 'C'].map((end) => attemptId(`01HFZ0000000000000000000X${end}`));
const start: Payment = { ...terms, status: 'requested' };

type Happening = Readonly<{ choose: AttemptId }> | Readonly<{ hear: PaymentProgress }>;

const id = fc.constantFrom(...IDS);
const success = fc
  .record({ id, ref: fc.constantFrom('m-1', 'm-2', 'm-3'), minor: fc.constantFrom(12_800n, 1n) })
  .map((s) => aSuccess(s.id, `${s.ref}-${s.minor}`, money(s.minor, 'CNY')));
const news = fc
  .tuple(id, fc.nat())
  .map(([of, index]) => Object.values(newsOf(of))[index % 7] ?? noOffer(1));
const decision = fc.integer({ min: 1, max: 3 }).map((n) => (n === 2 ? noOffer(n) : anOffer(n)));
const hear = fc.oneof(decision, news, success).map((e): Happening => ({ hear: e }));
const happening = fc.oneof(
  { weight: 3, arbitrary: hear },
  id.map((i): Happening => ({ choose: i })),
);

/** Whatever happens, in whatever order, however often: as the database would hold it. */
function live(happenings: readonly Happening[]): Payment[] {
  const states: Payment[] = [start];
  for (const one of happenings) states.push(after(states.at(-1) ?? start, one));
  return states;
}

function after(p: Payment, one: Happening): Payment {
  if ('hear' in one) {
    const step = advance(p, one.hear);
    return step.kind === 'advanced' ? step.payment : p;
  }
  if (p.status !== 'requested' && p.attempts.some((a) => a.id === one.choose)) return p;
  const offer = p.status === 'requested' ? 1 : p.decision.offer;
  const asked = { attemptId: one.choose, offer, method: WECHAT_QR, paidByAnother: false, now: NOW };
  const chosen = choose(p, asked);
  return chosen.ok ? chosen.value.payment : p;
}

const always = (holds: (states: readonly Payment[], all: readonly Happening[]) => boolean): void =>
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 40 }), (all) => holds(live(all), all)),
    { numRuns: 500 },
  );

const moneyOf = (p: Payment) => (p.status === 'requested' ? [] : receiptsOf(p));

describe('whatever happens to a payment, in whatever order, however often', () => {
  it('money that came is the payment’s or surplus, each once, and none gets lost', () => {
    always((states, all) => {
      const last = states.at(-1) ?? start;
      const known = new Set<string>();
      all.forEach((one, index) => {
        const before = states[index] ?? start;
        if (!('hear' in one) || one.hear.type !== 'attempt.succeeded') return;
        const of = one.hear.attemptId;
        const chosen = before.status !== 'requested' && before.attempts.some((a) => a.id === of);
        if (chosen) known.add(one.hear.providerRef);
      });
      const refs = moneyOf(last).map((r) => r.providerRef);
      return refs.length === known.size && refs.every((ref) => known.has(ref));
    });
  });

  it('what paid it is of the asked amount, and never changes', () => {
    always((states) => {
      const winners = states.flatMap((p) => (p.status === 'paid' ? [p.receipt] : []));
      return winners.every((w) => w === winners[0] && w.amount.minor === terms.amount.minor);
    });
  });

  it('paid stays paid, and not offered stays not offered', () => {
    always((states) =>
      states.every((p, i) => {
        const next = states[i + 1] ?? p;
        const final = p.status === 'paid' || p.status === 'not_offered';
        return !final || next.status === p.status;
      }),
    );
  });

  it('it is paying exactly while it is unpaid and an attempt is open', () => {
    const open = ['selected', 'accepted', 'awaiting_payer', 'unknown'];
    always((states) =>
      states.every((p) => {
        if (p.status === 'requested' || p.status === 'paid') return true;
        const anyOpen = p.attempts.some((a) => open.includes(a.status));
        return anyOpen === (p.status === 'paying');
      }),
    );
  });

  it('what was just heard, heard again at once, is a duplicate', () => {
    always((states, all) =>
      all.every((one, i) => {
        const [before, next] = [states[i] ?? start, states[i + 1] ?? start];
        if (!('hear' in one) || before === next) return true;
        return advance(next, one.hear).kind === 'duplicate';
      }),
    );
  });
});
