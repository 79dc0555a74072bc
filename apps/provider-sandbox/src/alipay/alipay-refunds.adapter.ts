import { money, subtract, type Money } from '@hutong/money';
import { ok, refuse, type Result } from '@hutong/result';
import { totalsOf, type Moved, type Totals } from '../books/totals.js';
import { Withdrawals } from '../books/withdrawals.js';
import { Alarms } from '../clock/alarms.adapter.js';
import type { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import type { AlipayAccount } from './alipay-accounts.adapter.js';
import type { AlipayNotifier } from './alipay-notifier.adapter.js';
import type { RefundMove } from './fault-plans.js';
import { allowRefund, reservedOf, type Refund, type RefundRefusal } from './refund.js';
import type { TradeBook, Which } from './trade-book.js';
import { isRefundable, withRefund, type Order, type PaidTrade } from './trade.js';

export type RefundTerms = Readonly<{
  outRequestNo: string;
  amount: Money;
  reason: string | undefined;
}>;

/** A refund with the trade that it belongs to. */
export type TradeRefund = Readonly<{ trade: PaidTrade; refund: Refund }>;

type Asking = Readonly<{ terms: RefundTerms; moves: RefundMove; notifies: boolean }>;

const NOTHING = money(0n, 'CNY');

/** What merchants give back. Usually the money has moved when the call is answered. */
export class AlipayRefunds {
  private readonly alarms: Alarms;
  private readonly withdrawals = new Withdrawals();

  constructor(
    private readonly book: TradeBook,
    private readonly notifier: AlipayNotifier,
    private readonly clock: SandboxClock,
  ) {
    this.alarms = new Alarms(clock);
  }

  /** @returns the refund, and whether it was this call that moved the money. */
  request(
    account: AlipayAccount,
    which: Which,
    { terms, moves, notifies }: Asking,
  ): Result<
    TradeRefund & Readonly<{ moved: boolean }>,
    RefundRefusal | 'not_found' | 'not_paid' | 'finished'
  > {
    const now = this.clock.moment();
    const trade = this.book.find(which, now);
    if (trade === undefined) return refuse('not_found');
    if (trade.state !== 'PAID') return refuse('not_paid');
    if (!isRefundable(trade.payment.paidMs, now.orderMs)) return refuse('finished');
    const allowed = allowRefund(
      {
        captured: trade.payment.amount,
        refunds: trade.refunds,
        gapMs: this.clock.gapMs(),
        balance: this.balanceOf(account.sellerId),
      },
      terms,
    );
    if (!allowed.ok) return allowed;
    if (allowed.value !== undefined) return ok({ trade, refund: allowed.value, moved: false });
    const begun = { ...terms, createdAt: now.at, gapMs: this.clock.gapMs() };
    if (moves === 'at_once') {
      const moved = this.move(
        account,
        { trade, refund: { ...begun, status: 'PENDING' } },
        notifies,
      );
      return ok({ ...moved, moved: true });
    }
    const refund: Refund = { ...begun, status: moves === 'never' ? 'FAILED' : 'PENDING' };
    const kept = this.book.keep(withRefund(trade, refund));
    if (moves !== 'never') {
      const { laterMs } = moves;
      this.moveLater(account, { trade: kept, refund }, { laterMs, notifies });
    }
    return ok({ trade: kept, refund, moved: false });
  }

  /** All that is left of a trade, under a number of Alipay's own: what cancelling a paid trade does. */
  refundRest(account: AlipayAccount, trade: PaidTrade, notifies: boolean): void {
    const { amount } = trade.payment;
    const rest = subtract(amount, reservedOf(trade.refunds, amount));
    if (rest.minor === 0n) return;
    const refund: Refund = {
      outRequestNo: `cancel${trade.tradeNo}`,
      amount: rest,
      reason: undefined,
      createdAt: this.clock.now(),
      gapMs: this.clock.gapMs(),
      status: 'PENDING',
    };
    this.move(account, { trade, refund }, notifies);
  }

  find(which: Which, outRequestNo: string): Result<Refund | undefined, 'not_found'> {
    const trade = this.book.find(which, this.clock.moment());
    if (trade === undefined) return refuse('not_found');
    const refunds = trade.state === 'PAID' ? trade.refunds : [];
    return ok(refunds.find((refund) => refund.outRequestNo === outRequestNo));
  }

  /** Takes everything that the account has: nothing can be refunded before it is paid again. */
  withdraw(sellerId: string): void {
    this.withdrawals.takeAll(sellerId, this.totalsOf(sellerId).kept);
  }

  totalsOf(sellerId: string): Totals {
    const orders = this.book.all(this.clock.moment());
    const own = orders.filter(({ terms }) => terms.sellerId === sellerId);
    return totalsOf(own.map(movedBy), NOTHING);
  }

  /** No money moves any more by itself. */
  stop(): void {
    this.alarms.stop();
  }

  private balanceOf(sellerId: string): Money {
    return this.withdrawals.leftOf(sellerId, this.totalsOf(sellerId).kept);
  }

  private move(
    account: AlipayAccount,
    { trade, refund }: TradeRefund,
    notifies: boolean,
  ): TradeRefund {
    const now = this.clock.moment();
    const moved: Refund = { ...refund, status: 'SUCCESS', at: now.at };
    const kept = this.book.keep(withRefund(trade, moved));
    if (notifies) {
      this.notifier.tell('notify_refund', { account, trade: kept, at: now, refund: moved });
    }
    return { trade: kept, refund: moved };
  }

  private moveLater(
    account: AlipayAccount,
    { trade, refund }: TradeRefund,
    { laterMs, notifies }: Readonly<{ laterMs: number; notifies: boolean }>,
  ): void {
    this.alarms.after(laterMs, () => {
      const now = this.book.findByNumber(trade.tradeNo, this.clock.moment());
      if (now?.state === 'PAID') this.move(account, { trade: now, refund }, notifies);
    });
  }
}

const STANDS = { PENDING: 'under_way', SUCCESS: 'arrived', FAILED: 'given_up' } as const;

const movedBy = (order: Order): Moved | undefined =>
  order.state === 'PAID'
    ? {
        taken: order.payment.amount,
        refunds: order.refunds.map(({ amount, status }) => ({ amount, stands: STANDS[status] })),
      }
    : undefined;
