import { problem } from '@hutong/http';
import { Body, Controller, Get, Header, HttpCode, Inject, Post, UseGuards } from '@nestjs/common';
import { totalsView } from '../books/totals.js';
import { LoopbackOnly } from '../control/loopback-only.adapter.js';
import type { PaidOrder } from './order.js';
import type { Refund, RefundEnd } from './refund.js';
import { SigningCertificates } from './signing-certificates.adapter.js';
import {
  credentialsOf,
  UNIONPAY_ACCOUNTS,
  type UnionpayAccount,
  type UnionpayCredentials,
} from './unionpay-accounts.adapter.js';
import { UnionpayCashier } from './unionpay-cashier.adapter.js';
import { codeOf } from './unionpay-control.controller.js';
import { EndRefundWire, RepeatWire, WithdrawWire } from './unionpay-control.wire.js';
import { UnionpayNotifier, type Try } from './unionpay-notifier.adapter.js';
import { UnionpayRefunds } from './unionpay-refunds.adapter.js';
import { refundView, type RefundView } from './unionpay-view.js';

/** UnionPay's own side: credentials, what became of the money, and what was told of it. */
@Controller()
@UseGuards(LoopbackOnly)
export class UnionpayBooksController {
  constructor(
    @Inject(UNIONPAY_ACCOUNTS) private readonly accounts: readonly UnionpayAccount[],
    private readonly certificates: SigningCertificates,
    private readonly cashier: UnionpayCashier,
    private readonly refunds: UnionpayRefunds,
    private readonly notifier: UnionpayNotifier,
  ) {}

  @Get('credentials/unionpay')
  @Header('cache-control', 'no-store')
  credentials(): readonly UnionpayCredentials[] {
    return this.accounts.map((account) => credentialsOf(account, this.certificates));
  }

  /** Answers and notifications are signed by another certificate of the same chain from now on. */
  @Post('control/unionpay/certificates/rotate')
  @HttpCode(204)
  rotate(): Promise<void> {
    return this.certificates.rotate();
  }

  @Get('control/unionpay/totals')
  totals() {
    return this.accounts.map(({ account, merId }) => ({
      account,
      merId,
      ...totalsView(this.refunds.totalsOf(merId)),
    }));
  }

  /** Of all merchants, order by order; undos too. */
  @Get('control/unionpay/refunds')
  all(): RefundView[] {
    return this.paidOrders()
      .flatMap(({ refunds }) => refunds)
      .map((refund) => this.view(refund));
  }

  /** Ends it now; its merchant is told if it went well. */
  @Post('control/unionpay/refunds')
  @HttpCode(200)
  end(@Body() { orderId, account, code }: EndRefundWire): RefundView {
    const refund = this.refundOf(orderId, account);
    const said = codeOf(code);
    const end: RefundEnd =
      said === '00' || said === 'A6'
        ? { state: 'done', code: said }
        : { state: 'failed', code: said };
    const ended = this.refunds.end(refund.terms, end);
    if (!ended.ok) throw problem({ status: 409, code: `refund_${ended.refusal}` });
    return this.view(ended.value.refund);
  }

  /** The account is empty until it is paid again. */
  @Post('control/unionpay/withdraw')
  @HttpCode(204)
  withdraw(@Body() { account }: WithdrawWire): void {
    const owner = this.accounts.find((known) => known.account === account);
    if (owner === undefined) throw problem({ status: 404, code: 'account_not_found' });
    this.refunds.withdraw(owner.merId);
  }

  /** Answers once every copy was answered. */
  @Post('control/unionpay/notifications')
  @HttpCode(200)
  async notify(@Body() wire: RepeatWire): Promise<Readonly<{ tries: readonly Try[] }>> {
    const { orderId, refundOrderId, account, copies = 1, signing = 'good' } = wire;
    const about =
      refundOrderId === undefined
        ? this.paidOrders(account).find(({ terms }) => terms.orderId === orderId)?.payment.trace
        : this.refundOf(refundOrderId, account).trace;
    if (about === undefined) throw problem({ status: 409, code: 'order_not_paid' });
    const tries = await this.notifier.repeat(about.queryId, { copies, signing });
    if (tries === undefined) throw problem({ status: 409, code: 'nothing_told' });
    return { tries };
  }

  private paidOrders(account?: string): PaidOrder[] {
    const merId = this.accounts.find((known) => known.account === account)?.merId;
    return this.cashier
      .orders()
      .filter((order): order is PaidOrder => order.state === 'paid')
      .filter(({ terms }) => account === undefined || terms.merId === merId);
  }

  private refundOf(orderId: string, account: string | undefined): Refund {
    const refund = this.paidOrders(account)
      .flatMap(({ refunds }) => refunds)
      .find(({ terms }) => terms.orderId === orderId);
    if (refund === undefined) throw problem({ status: 404, code: 'refund_not_found' });
    return refund;
  }

  private view(refund: Refund): RefundView {
    return refundView(refund, (queryId) => this.notifier.of(queryId));
  }
}
