import { money, type Money } from '@hutong/money';
import { ok, refuse, type Result } from '@hutong/result';
import { totalsOf, type Moved, type Totals } from '../books/totals.js';
import { Withdrawals } from '../books/withdrawals.js';
import { Alarms } from '../clock/alarms.adapter.js';
import type { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import type { RefundPlan } from './fault-plans.js';
import type { Found, OrderBook } from './order-book.js';
import type { Identity, Order } from './order.js';
import { allowRefund, endRefund, type RefundEnd, type RefundTerms } from './refund.js';
import type { Refusal } from './result-code.js';
import type { Traces } from './traces.js';
import type { Fields } from './unionpay.signature.js';
import type { UnionpayNotifier } from './unionpay-notifier.adapter.js';

/** Of the ladder's time. */
const SETTLING_MS = 1_000;
const NOTHING = money(0n, 'CNY');

/** A refund or an undo, with the order that it belongs to. */
export type Refunding = Extract<Found, { kind: 'refund' }>;

/** What merchants give back: accepted at once, ended later, and told if it went well. */
export class UnionpayRefunds {
  private readonly alarms: Alarms;
  private readonly withdrawals = new Withdrawals();

  constructor(
    private readonly book: OrderBook,
    private readonly traces: Traces,
    private readonly notifier: UnionpayNotifier,
    private readonly clock: SandboxClock,
  ) {
    this.alarms = new Alarms(clock);
  }

  /** @returns what the answer says beside 00: the numbers of something that has only begun */
  request(terms: RefundTerms, { end, laterMs, tellsFailure }: RefundPlan): Result<Fields, Refusal> {
    const now = this.clock.moment();
    const found = this.book.findByQueryId(terms.merId, terms.origQryId, now);
    if (found?.kind !== 'order' || found.order.state !== 'paid') return refuse({ code: '35' });
    const { order } = found;
    const asking = { orderMs: now.orderMs, balance: this.balanceOf(terms.merId) };
    const allowed = allowRefund(order, terms, asking);
    if (!allowed.ok) return allowed;
    const trace = this.traces.next(now.at);
    this.book.begin(order, { state: 'pending', terms, trace });
    if (end !== undefined) {
      this.alarms.after(SETTLING_MS + laterMs, () => this.end(terms, end, tellsFailure));
    }
    return ok({
      queryId: trace.queryId,
      origQryId: terms.origQryId,
      txnAmt: terms.amount.minor.toString(),
    });
  }

  /** Ends it now, whatever was to become of it. A failure is told only if somebody says so. */
  end(
    identity: Identity,
    end: RefundEnd,
    tellsFailure = false,
  ): Result<Refunding, 'not_found' | 'final'> {
    const now = this.clock.moment();
    const found = this.book.find(identity, now);
    if (found?.kind !== 'refund') return refuse('not_found');
    const ended = endRefund(found.refund, end, now.at);
    if (!ended.ok) return ended;
    const order = this.book.keepRefund(found.order, ended.value);
    const refunding: Refunding = { kind: 'refund', order, refund: ended.value };
    if (end.state === 'done' || tellsFailure)
      this.notifier.tell(ended.value.trace.queryId, refunding);
    return ok(refunding);
  }

  /** Takes everything that the account has: nothing can be refunded before it is paid again. */
  withdraw(merId: string): void {
    this.withdrawals.takeAll(merId, this.totalsOf(merId).kept);
  }

  totalsOf(merId: string): Totals {
    const orders = this.book.all(this.clock.moment());
    const own = orders.filter(({ terms }) => terms.merId === merId);
    return totalsOf(own.map(movedBy), NOTHING);
  }

  /** No refund ends any more by itself. */
  stop(): void {
    this.alarms.stop();
  }

  private balanceOf(merId: string): Money {
    return this.withdrawals.leftOf(merId, this.totalsOf(merId).kept);
  }
}

const STANDS = { pending: 'under_way', done: 'arrived', failed: 'given_up' } as const;

const movedBy = (order: Order): Moved | undefined =>
  order.state === 'paid'
    ? {
        taken: order.payment.amount,
        refunds: order.refunds.map(({ terms, state }) => ({
          amount: terms.amount,
          stands: STANDS[state],
        })),
      }
    : undefined;
