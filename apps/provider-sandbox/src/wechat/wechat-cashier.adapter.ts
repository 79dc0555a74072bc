import { randomInt } from 'node:crypto';
import { add, money } from '@hutong/money';
import { ok, refuse, type Result } from '@hutong/result';
import type { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import {
  checkClientParameters,
  readClientParameters,
  type ClientRefusal,
} from './client-parameters.signature.js';
import { newsOfPayment } from './notification.signature.js';
import type { OrderBook, Pointer } from './order-book.js';
import type { OpenOrder, Order, PaidOrder, PayRefusal } from './order.js';
import { transactionIdOf } from './transaction.js';
import type { WechatAccount } from './wechat-accounts.adapter.js';
import type { Telling, WechatNotifier } from './wechat-notifier.adapter.js';

export type CashierRefusal = PayRefusal | 'not_found';

/** Whose WeChat it is; the account's usual payer if nobody says. */
export type Payer = Readonly<{ openid: string | undefined }>;

/** What payers do: by the page, by the control API, and by the fault that pays a closed order. */
export class WechatCashier {
  private payments = 0;

  constructor(
    private readonly accounts: readonly WechatAccount[],
    private readonly book: OrderBook,
    private readonly notifier: WechatNotifier,
    private readonly clock: SandboxClock,
  ) {}

  /**
   * Takes the money and tells the merchant.
   * @param how `late` takes it for a closed order too; `extraFen` takes so much more than was asked.
   */
  pay(
    pointer: Pointer,
    { late, extraFen = 0, ...payer }: Payer & Readonly<{ late: boolean; extraFen?: number }>,
  ): Result<PaidOrder, CashierRefusal> {
    const account = this.accountOf(pointer);
    const openid = this.openidOf(pointer, payer);
    if (account === undefined || openid === undefined) return refuse('not_found');
    const asked = this.orderAt(pointer)?.terms.amount;
    const now = this.clock.moment();
    this.payments += 1;
    const salt = randomInt(100_000).toString().padStart(5, '0');
    const payment = {
      transactionId: transactionIdOf(now.at, salt, this.payments),
      openid,
      paidAt: now.at,
      paidMs: now.orderMs,
      amount: asked && add(asked, money(BigInt(extraFen), asked.currency)),
      late,
    };
    const paid = this.book.pay(pointer, payment, now);
    if (paid.ok) this.notifier.tell(tellingOf(paid.value, account));
    return paid;
  }

  /** Opens the cashier and pays nothing: from now on nobody else may. */
  enter(pointer: Pointer, payer: Payer): Result<OpenOrder, CashierRefusal> {
    const openid = this.openidOf(pointer, payer);
    return openid === undefined
      ? refuse('not_found')
      : this.book.enter(pointer, openid, this.clock.moment());
  }

  decline(pointer: Pointer, payer: Payer): Result<OpenOrder, CashierRefusal> {
    const openid = this.openidOf(pointer, payer);
    return openid === undefined
      ? refuse('not_found')
      : this.book.decline(pointer, openid, this.clock.moment());
  }

  /** What WeChat's client does with the parameters that an app or a mini program gives it. */
  opened(given: Readonly<Record<string, unknown>>): Result<Pointer, ClientRefusal> {
    const read = readClientParameters(given);
    if (!read.ok) return read;
    const order = this.orderOfCode(read.value.prepayId);
    if (order === undefined) return refuse({ code: 'prepay_id_unknown' });
    const checked = checkClientParameters(read.value, order, this.accountNamed(order.terms.mchid));
    return checked.ok ? ok({ code: checked.value }) : checked;
  }

  /** The orders of that number, as many as there are merchants that used it. */
  ordersOf(outTradeNo: string): Order[] {
    const now = this.clock.moment();
    return this.accounts.flatMap(({ mchid }) => this.book.find(mchid, outTradeNo, now) ?? []);
  }

  orders(): Order[] {
    return this.book.all(this.clock.moment());
  }

  orderOfCode(code: string): Order | undefined {
    return this.book.findByCode(code, this.clock.moment());
  }

  /** The merchant's account, by its number. @throws Error if an order has a merchant that nobody is. */
  accountNamed(mchid: string): WechatAccount {
    const account = this.accounts.find((known) => known.mchid === mchid);
    if (account === undefined) throw new Error('an order of no merchant');
    return account;
  }

  /** Whoever has the cashier open already, if nobody says who pays. */
  private openidOf(pointer: Pointer, { openid }: Payer): string | undefined {
    return openid ?? this.orderAt(pointer)?.boundTo ?? this.accountOf(pointer)?.openid;
  }

  private orderAt(pointer: Pointer): Order | undefined {
    return 'code' in pointer
      ? this.orderOfCode(pointer.code)
      : this.book.find(pointer.mchid, pointer.outTradeNo, this.clock.moment());
  }

  private accountOf(pointer: Pointer): WechatAccount | undefined {
    const mchid = 'code' in pointer ? this.orderOfCode(pointer.code)?.terms.mchid : pointer.mchid;
    return this.accounts.find((known) => known.mchid === mchid);
  }
}

const tellingOf = (order: PaidOrder, account: WechatAccount): Telling => ({
  about: order.payment.transactionId,
  outTradeNo: order.terms.outTradeNo,
  notifyUrl: order.terms.notifyUrl,
  account,
  call: 'notify',
  news: newsOfPayment(order),
});
