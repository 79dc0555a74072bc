import { randomInt } from 'node:crypto';
import { money, type Money } from '@hutong/money';
import type { Result } from '@hutong/result';
import { Alarms } from '../clock/alarms.adapter.js';
import type { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import type { RefundPlan } from './fault-plans.js';
import { newsOfRefund } from './notification.signature.js';
import type { OrderBook } from './order-book.js';
import { refundIdOf } from './refund-answer.js';
import { RefundBook, type PaymentPointer, type Refunding } from './refund-book.js';
import type { RefundEnd, RefundRefusal, RefundTerms } from './refund.js';
import { totalsOf, type Totals } from './totals.js';
import type { WechatAccount } from './wechat-accounts.adapter.js';
import type { WechatNotifier } from './wechat-notifier.adapter.js';

/** Of the ladder's time. Really it is a matter of minutes, or of days to a bank's card. */
const SETTLING_MS = 1_000;
const NOTHING = money(0n, 'CNY');

/** What merchants give back: accepted at once, ended later, told then. */
export class WechatRefunds {
  private readonly refunds: RefundBook;
  private readonly alarms: Alarms;
  private readonly withdrawn = new Map<string, Money>();
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
    this.withdrawn.set(mchid, this.totalsOf(mchid).kept);
  }

  totalsOf(mchid: string): Totals {
    const orders = this.book.all(this.clock.moment());
    return totalsOf(
      orders.filter(({ terms }) => terms.mchid === mchid),
      NOTHING,
    );
  }

  /** No refund ends any more by itself. */
  stop(): void {
    this.alarms.stop();
  }

  private balanceOf(mchid: string): Money {
    const { kept } = this.totalsOf(mchid);
    const withdrawn = this.withdrawn.get(mchid) ?? NOTHING;
    return money(kept.minor > withdrawn.minor ? kept.minor - withdrawn.minor : 0n, 'CNY');
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
