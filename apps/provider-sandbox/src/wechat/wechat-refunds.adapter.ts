import { randomInt } from 'node:crypto';
import { money, type Money } from '@hutong/money';
import type { Result } from '@hutong/result';
import { totalsOf, type Moved, type Totals } from '../books/totals.js';
import { Withdrawals } from '../books/withdrawals.js';
import { Alarms } from '../clock/alarms.adapter.js';
import type { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import type { RefundPlan } from './fault-plans.js';
import { newsOfRefund } from './notification.signature.js';
import type { OrderBook } from './order-book.js';
import type { Order } from './order.js';
import { refundIdOf } from './refund-answer.js';
import { RefundBook, type PaymentPointer, type Refunding } from './refund-book.js';
import type { RefundEnd, RefundRefusal, RefundTerms } from './refund.js';
import type { WechatAccount } from './wechat-accounts.adapter.js';
import type { WechatNotifier } from './wechat-notifier.adapter.js';

/** Of the ladder's time. Really it is a matter of minutes, or of days to a bank's card. */
const SETTLING_MS = 1_000;
const NOTHING = money(0n, 'CNY');

/** What merchants give back: accepted at once, ended later, told then. */
export class WechatRefunds {
  private readonly refunds: RefundBook;
  private readonly alarms: Alarms;
  private readonly withdrawals = new Withdrawals();
  private count = 0;

  constructor(
    private readonly book: OrderBook,
    private readonly notifier: WechatNotifier,
    private readonly clock: SandboxClock,
  ) {
    this.refunds = new RefundBook(book);
    this.alarms = new Alarms(clock);
  }

  request(
    account: WechatAccount,
    pointer: PaymentPointer,
    { terms, plan }: Readonly<{ terms: RefundTerms; plan: RefundPlan }>,
  ): Result<Refunding, RefundRefusal | 'not_found' | 'differs'> {
    const now = this.clock.moment();
    this.count += 1;
    const salt = randomInt(100_000).toString().padStart(5, '0');
    const begun = this.refunds.begin(pointer, terms, {
      now,
      gapMs: this.clock.gapMs(),
      refundId: refundIdOf(now.at, salt, this.count),
      balance: () => this.balanceOf(account.mchid),
    });
    if (begun.ok && begun.value.isNew) this.endLater(account, terms.outRefundNo, plan);
    return begun;
  }

  find(mchid: string, outRefundNo: string): Refunding | undefined {
    return this.refunds.find(mchid, outRefundNo, this.clock.moment());
  }

  /** Ends it now, whatever was to become of it, and tells the merchant. */
  end(
    account: WechatAccount,
    outRefundNo: string,
    end: RefundEnd,
  ): Result<Refunding, 'not_found' | 'final'> {
    const which = { mchid: account.mchid, outRefundNo };
    const ended = this.refunds.end(which, end, this.clock.moment());
    if (ended.ok) this.tell(ended.value, account, end);
    return ended;
  }

  /** Takes everything that the account has: nothing can be refunded before it is paid again. */
  withdraw(mchid: string): void {
    this.withdrawals.takeAll(mchid, this.totalsOf(mchid).kept);
  }

  totalsOf(mchid: string): Totals {
    const orders = this.book.all(this.clock.moment());
    const own = orders.filter(({ terms }) => terms.mchid === mchid);
    return totalsOf(own.map(movedBy), NOTHING);
  }

  /** No refund ends any more by itself. */
  stop(): void {
    this.alarms.stop();
  }

  private balanceOf(mchid: string): Money {
    return this.withdrawals.leftOf(mchid, this.totalsOf(mchid).kept);
  }

  private endLater(account: WechatAccount, outRefundNo: string, plan: RefundPlan): void {
    const { end, laterMs } = plan;
    if (end === undefined) return;
    this.alarms.after(SETTLING_MS + laterMs, () => {
      const isOpen = this.find(account.mchid, outRefundNo)?.refund.status === 'PROCESSING';
      if (isOpen) this.end(account, outRefundNo, end); // else it was ended by hand
    });
  }

  private tell(refunding: Refunding, account: WechatAccount, end: RefundEnd): void {
    const { order, refund } = refunding;
    if (refund.terms.notifyUrl === undefined) return;
    this.notifier.tell({
      about: refund.refundId,
      outTradeNo: order.terms.outTradeNo,
      notifyUrl: refund.terms.notifyUrl,
      account,
      call: 'notify_refund',
      news: newsOfRefund(refunding, end),
    });
  }
}

/** An abnormal one waits for hand work, and its money is out of the account. */
const STANDS = {
  PROCESSING: 'under_way',
  ABNORMAL: 'under_way',
  SUCCESS: 'arrived',
  CLOSED: 'given_up',
} as const;

const movedBy = (order: Order): Moved | undefined =>
  order.state === 'SUCCESS'
    ? {
        taken: order.payment.amount,
        refunds: order.refunds.map(({ terms, status }) => ({
          amount: terms.amount,
          stands: STANDS[status],
        })),
      }
    : undefined;
