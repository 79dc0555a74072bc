import { describe, expect, it } from '@jest/globals';
import { attemptId, refundId, type AttemptId } from '@hutong/domain-events';
import { money } from '@hutong/money';
import fc from 'fast-check';
import { advance, type PaymentProgress } from './advance.js';
import { choose } from './choose.js';
import { close } from './close.js';
import { giveSurplusBack } from './give-back.js';
import { belongingsOf, isWon, type Payment } from './payment.js';
import {
  anOffer,
  aSuccess,
  newsOf,
  noOffer,
  refundNewsOf,
  terms,
  WECHAT_QR,
} from './payment.examples.js';
import { requestRefund } from './request-refund.js';
import { requestsOf } from './requests.js';

/** What a provider does with an attempt, whatever it is asked. */
const FATES = [
  'pays',
  'pays too little',
  'pays twice',
  'fails',
  'waits',
  'pays after closing',
] as const;
type Fate = (typeof FATES)[number];

type Act =
  | Readonly<{ do: 'choose'; fate: Fate }>
  | Readonly<{ do: 'deliver' | 'repeat'; which: number }>
  | Readonly<{ do: 'refund'; minor: bigint }>
  | Readonly<{ do: 'close' | 'give back' | 'offer' }>;

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.constantFrom(...FATES).map((fate): Act => ({ do: 'choose', fate })),
  { weight: 5, arbitrary: fc.nat().map((which): Act => ({ do: 'deliver', which })) },
  fc.nat().map((which): Act => ({ do: 'repeat', which })),
  fc.constantFrom(12_800n, 4_800n, 1n).map((minor): Act => ({ do: 'refund', minor })),
  fc.constantFrom('close', 'give back', 'offer').map((one): Act => ({ do: one })),
);

/** One payment, a provider that keeps its own books, and the news between them in any order. */
class Story {
  payment: Payment = { ...terms, status: 'requested' };
  private readonly travelling: PaymentProgress[] = [];
  private readonly arrived: PaymentProgress[] = [];
  private readonly fates = new Map<AttemptId, Fate>();
  private ids = 0;
  private offers = 0;
  private clockMs = terms.requestedAt.getTime();
  /** The provider's own books, in fen. */
  captured = 0n;
  givenBack = 0n;

  /** @param refusals for each refund in turn: whether the provider refuses it; afterwards none is. */
  constructor(private readonly refusals: boolean[]) {}

  act(one: Act): void {
    switch (one.do) {
      case 'choose':
        return this.choose(one.fate);
      case 'deliver':
        return this.deliver(one.which);
      case 'repeat': {
        const news = this.arrived[one.which % Math.max(this.arrived.length, 1)];
        if (news !== undefined) this.hear(news);
        return;
      }
      case 'refund':
        return this.refund(one.minor);
      case 'close':
        return this.close();
      case 'give back':
        return this.giveBack();
      case 'offer':
        this.offers += 1;
        this.travelling.push(this.offers % 3 === 0 ? noOffer(this.offers) : anOffer(this.offers));
        return;
    }
  }

  /** Until nothing can happen any more: the deadline passes, all news arrives, all surplus is due. */
  settle(): void {
    if (this.payment.status !== 'not_offered') this.close();
    for (let before: Payment | undefined; before !== this.payment || this.travelling.length > 0;) {
      before = this.payment;
      while (this.travelling.length > 0) this.deliver(0);
      this.giveBack();
    }
  }

  private choose(fate: Fate): void {
    const id = attemptId(`01HFZ00000000000000000${this.nextId()}`);
    const offer = this.payment.status === 'requested' ? 1 : (this.payment.decision?.offer ?? 1);
    const asked = { offer, method: WECHAT_QR, paidByAnother: false, now: terms.requestedAt };
    const chosen = choose(this.payment, { ...asked, attemptId: id });
    if (!chosen.ok) return;
    this.payment = chosen.value.payment;
    this.fates.set(id, fate);
    const news = newsOf(id);
    this.travelling.push(news['attempt.accepted'], news['attempt.awaiting_payer']);
    if (fate === 'fails') this.travelling.push(news['attempt.failed']);
    if (fate === 'pays' || fate === 'pays twice') this.take(id, 12_800n);
    if (fate === 'pays twice') this.take(id, 12_800n);
    if (fate === 'pays too little') this.take(id, 1n);
  }

  private take(id: AttemptId, minor: bigint): void {
    this.captured += minor;
    this.travelling.push(aSuccess(id, `money-${this.nextId()}`, money(minor, 'CNY')));
  }

  private deliver(which: number): void {
    const [news] = this.travelling.splice(which % Math.max(this.travelling.length, 1), 1);
    if (news === undefined) return;
    this.arrived.push(news);
    this.hear(news);
  }

  private hear(news: PaymentProgress): void {
    const step = advance(this.payment, news, new Date(this.clockMs));
    if (step.kind === 'advanced') this.become(step.payment);
  }

  private close(): void {
    const closed = close(this.payment, 'expired');
    if (closed.ok) this.become(closed.value);
  }

  private refund(minor: bigint): void {
    const id = refundId(`01HFZ00000000000000000${this.nextId()}`);
    const wish = { refundId: id, amount: money(minor, 'CNY'), now: terms.requestedAt };
    const asked = requestRefund(this.payment, wish);
    if (asked.ok) this.become(asked.value.payment);
  }

  private giveBack(): void {
    this.clockMs += 2 * 86_400_000;
    for (const surplus of belongingsOf(this.payment).surplus) {
      const id = refundId(`01HFZ00000000000000000${this.nextId()}`);
      const cause = surplus.status === 'stuck' ? 'operator' : 'due';
      const now = new Date(this.clockMs);
      const given = giveSurplusBack(this.payment, { money: surplus, cause, refundId: id, now });
      if (given.ok) this.become(given.value);
    }
  }

  /** The provider is asked what checkout asks of it, and answers. */
  private become(next: Payment): void {
    const asked = requestsOf(this.payment, next);
    this.payment = next;
    for (const one of asked) {
      if (one.type === 'payment.close_requested') one.attempts.forEach((id) => this.closed(id));
      else this.refunded(one);
    }
  }

  private closed(id: AttemptId): void {
    const fate = this.fates.get(id);
    if (fate !== 'waits' && fate !== 'pays after closing') return; // its end is on its way
    this.travelling.push(newsOf(id)['attempt.closed']);
    if (fate === 'pays after closing') this.take(id, 12_800n);
  }

  private refunded(
    one: Extract<ReturnType<typeof requestsOf>[number], { refundId: unknown }>,
  ): void {
    const news = refundNewsOf(one.refundId, { attempt: one.attemptId, amount: one.amount });
    this.travelling.push(news['refund.pending']);
    if (this.refusals.shift() === true) {
      this.travelling.push(news['refund.failed']);
      return;
    }
    this.givenBack += one.amount.minor;
    this.travelling.push(news['refund.succeeded']);
  }

  private nextId(): string {
    this.ids += 1;
    return String(this.ids).padStart(4, '0');
  }
}

const ENDS: readonly Payment['status'][] = [
  'not_offered',
  'closed',
  'paid',
  'partly_refunded',
  'refunded',
];

describe('once a payment is settled', () => {
  it('what was taken less what went back is its amount less the merchant’s refunds, or nothing', () => {
    const story = fc.record({
      acts: fc.array(act, { maxLength: 60, size: 'max' }),
      refusals: fc.array(fc.boolean(), { maxLength: 20, size: 'max' }),
    });
    fc.assert(
      fc.property(story, ({ acts, refusals }) => {
        const told = new Story([...refusals]);
        told.act({ do: 'offer' });
        acts.forEach((one) => told.act(one));
        told.settle();
        const { payment, captured, givenBack } = told;
        const { refunds, surplus } = belongingsOf(payment);
        const back = refunds.filter((r) => r.status === 'succeeded');
        const refunded = back.reduce((sum, r) => sum + r.amount.minor, 0n);
        expect(ENDS).toContain(payment.status);
        expect(surplus.map((s) => s.status)).toEqual(surplus.map(() => 'refunded'));
        expect(captured - givenBack).toBe(isWon(payment) ? terms.amount.minor - refunded : 0n);
      }),
      { numRuns: 2_000 },
    );
  }, 60_000);
});
