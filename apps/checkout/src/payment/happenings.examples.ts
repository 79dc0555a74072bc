import { attemptId, refundId, type AttemptId, type RefundId } from '@hutong/domain-events';
import { equals, money, type Money } from '@hutong/money';
import fc from 'fast-check';
import { advance, type PaymentProgress } from './advance.js';
import { choose } from './choose.js';
import { close } from './close.js';
import { giveSurplusBack } from './give-back.js';
import { belongingsOf, type Payment } from './payment.js';
import type { PaymentHappening } from './payment-table.js';
import {
  anOffer,
  aSuccess,
  newsOf,
  noOffer,
  NOW,
  refundNewsOf,
  terms,
  WECHAT_QR,
} from './payment.examples.js';
import { requestRefund } from './request-refund.js';
import type { GiveBackCause } from './surplus.js';

/** Anything that can happen to a payment, possible or not. */
export type Happening =
  | Readonly<{ choose: AttemptId }>
  | Readonly<{ hear: PaymentProgress }>
  | Readonly<{ close: 'expired' | 'cancelled' }>
  | Readonly<{ refund: Readonly<{ id: RefundId; amount: Money }> }>
  | Readonly<{ giveBack: RefundId; cause: GiveBackCause }>;

const IDS = ['A', 'B'].map((end) => attemptId(`01HFZ0000000000000000000X${end}`));
/** Refunds that somebody may ask for, each of the same amount whenever it is spoken of. */
const REFUNDS = [12_800n, 4_800n, 8_000n, 4_000n].map((minor, i) => ({
  id: refundId(`01HFZ0000000000000000000Y${i}`),
  amount: money(minor, 'CNY'),
}));
/** When surplus is due again, whatever was refused before. */
const LATE = new Date(NOW.getTime() + 30 * 86_400_000);

const id = fc.constantFrom(...IDS);
const refund = fc.constantFrom(...REFUNDS);
const success = fc
  .record({ id, ref: fc.constantFrom('m-1', 'm-2', 'm-3'), minor: fc.constantFrom(12_800n, 1n) })
  .map((s) => aSuccess(s.id, `${s.ref}-${s.minor}`, money(s.minor, 'CNY')));
const news = fc
  .tuple(id, fc.nat())
  .map(([of, index]) => Object.values(newsOf(of))[index % 7] ?? noOffer(1));
const refundNews = fc.record({ refund, attempt: id, index: fc.nat() }).map((r) => {
  const all = refundNewsOf(r.refund.id, { attempt: r.attempt, amount: r.refund.amount });
  return Object.values(all)[r.index % 3] ?? all['refund.pending'];
});
const decision = fc.nat({ max: 5 }).map((n) => (n % 2 === 1 ? noOffer(n) : anOffer(n)));
const told = fc.oneof(decision, news, success, { weight: 4, arbitrary: refundNews });
const hear = told.map((e): Happening => ({ hear: e }));

export const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 8, arbitrary: hear },
  { weight: 3, arbitrary: id.map((i): Happening => ({ choose: i })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('expired', 'cancelled').map((c): Happening => ({ close: c })),
  },
  {
    weight: 2,
    arbitrary: refund.map((r): Happening => ({ refund: r })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(refund, fc.constantFrom<GiveBackCause>('due', 'operator'))
      .map(([{ id: r }, cause]): Happening => ({ giveBack: r, cause })),
  },
);

/** What the database would hold afterwards. */
export function after(p: Payment, one: Happening): Payment {
  if ('hear' in one) {
    const step = advance(p, one.hear, NOW);
    return step.kind === 'advanced' ? step.payment : p;
  }
  if ('choose' in one) return afterChoice(p, one.choose);
  if ('close' in one) {
    const closed = close(p, one.close);
    return closed.ok ? closed.value : p;
  }
  const { refunds, surplus } = belongingsOf(p);
  const known = [...refunds, ...surplus.flatMap((s) => s.refunds)];
  if ('refund' in one) {
    const { id: asking, amount } = one.refund;
    if (known.some((r) => r.id === asking)) return p; // ids are minted, so they are new
    const asked = requestRefund(p, { refundId: asking, amount, now: NOW });
    return asked.ok ? asked.value.payment : p;
  }
  const [first] = surplus;
  if (first === undefined || known.some((r) => r.id === one.giveBack)) return p;
  const asked = { money: first, cause: one.cause, refundId: one.giveBack, now: LATE };
  const given = giveSurplusBack(p, asked);
  return given.ok ? given.value : p;
}

function afterChoice(p: Payment, attempt: AttemptId): Payment {
  if (p.status !== 'requested' && p.attempts.some((a) => a.id === attempt)) return p;
  const offer = p.status === 'requested' ? 1 : (p.decision?.offer ?? 1);
  const asked = { attemptId: attempt, offer, method: WECHAT_QR, paidByAnother: false, now: NOW };
  const chosen = choose(p, asked);
  return chosen.ok ? chosen.value.payment : p;
}

/** Which column of the payment's table it falls under; none if it is about surplus alone. */
export function columnOf(before: Payment, one: Happening): PaymentHappening | undefined {
  if ('choose' in one) return 'choice';
  if ('close' in one) return 'close';
  if ('refund' in one) return 'refund';
  if ('giveBack' in one) return undefined;
  switch (one.hear.type) {
    case 'payment.offered':
    case 'payment.not_offered':
      return 'decision';
    case 'attempt.succeeded':
      return equals(one.hear.amount, terms.amount) ? 'money' : 'attempt';
    case 'attempt.accepted':
    case 'attempt.refused':
    case 'attempt.awaiting_payer':
    case 'attempt.failed':
    case 'attempt.closed':
    case 'attempt.unknown':
      return 'attempt';
    case 'refund.pending':
    case 'refund.failed':
      return undefined;
    case 'refund.succeeded': {
      const { refundId: told } = one.hear;
      return belongingsOf(before).refunds.some((r) => r.id === told) ? 'refunded' : undefined;
    }
  }
}
