import { problem } from '@hutong/http';
import { Body, Controller, Get, Header, HttpCode, Inject, Post, UseGuards } from '@nestjs/common';
import { totalsView } from '../books/totals.js';
import { LoopbackOnly } from '../control/loopback-only.adapter.js';
import {
  ALIPAY_ACCOUNTS,
  alipayCredentialsOf,
  type AlipayAccount,
  type AlipayCredentials,
} from './alipay-accounts.adapter.js';
import { AlipayCashier } from './alipay-cashier.adapter.js';
import { RepeatWire, WithdrawWire } from './alipay-control.wire.js';
import { AlipayNotifier, type Try } from './alipay-notifier.adapter.js';
import { AlipayRefunds } from './alipay-refunds.adapter.js';
import { AlipaySigners } from './alipay-signers.adapter.js';
import { refundView, type RefundView } from './alipay-view.js';
import type { PaidTrade } from './trade.js';

/** Alipay's own side: credentials, what became of the money, and what was told of it. */
@Controller()
@UseGuards(LoopbackOnly)
export class AlipayBooksController {
  constructor(
    @Inject(ALIPAY_ACCOUNTS) private readonly accounts: readonly AlipayAccount[],
    private readonly signers: AlipaySigners,
    private readonly cashier: AlipayCashier,
    private readonly refunds: AlipayRefunds,
    private readonly notifier: AlipayNotifier,
  ) {}

  @Get('credentials/alipay')
  @Header('cache-control', 'no-store')
  credentials(): readonly AlipayCredentials[] {
    return this.accounts.map((account) =>
      alipayCredentialsOf(account, this.signers.certificateOf(account)),
    );
  }

  /** In certificate mode every answer and notification is signed by a new one from now on. */
  @Post('control/alipay/certificates/rotate')
  @HttpCode(204)
  rotate(): Promise<void> {
    return this.signers.rotate();
  }

  @Get('control/alipay/totals')
  totals() {
    return this.accounts.map(({ account, sellerId }) => ({
      account,
      sellerId,
      ...totalsView(this.refunds.totalsOf(sellerId)),
    }));
  }

  /** Of all merchants, order by order. */
  @Get('control/alipay/refunds')
  all(): RefundView[] {
    return this.paidTrades().flatMap(({ terms, tradeNo, refunds }) =>
      refunds.map((refund) =>
        refundView(terms.outTradeNo, refund, this.notifier.of(tradeNo, refund.outRequestNo)),
      ),
    );
  }

  /** The account is empty until it is paid again. */
  @Post('control/alipay/withdraw')
  @HttpCode(204)
  withdraw(@Body() { account }: WithdrawWire): void {
    const owner = this.accounts.find((known) => known.account === account);
    if (owner === undefined) throw problem({ status: 404, code: 'account_not_found' });
    this.refunds.withdraw(owner.sellerId);
  }

  /** Answers once every copy was answered. */
  @Post('control/alipay/notifications')
  @HttpCode(200)
  async notify(@Body() wire: RepeatWire): Promise<Readonly<{ tries: readonly Try[] }>> {
    const { outTradeNo, outRequestNo, account, copies = 1, signature = 'good' } = wire;
    const trade = this.paidTrades().find(
      (each) =>
        each.terms.outTradeNo === outTradeNo &&
        (account === undefined || this.cashier.accountOf(each).account === account),
    );
    if (trade === undefined) throw problem({ status: 409, code: 'order_not_paid' });
    const about = { tradeNo: trade.tradeNo, outRequestNo };
    const tries = await this.notifier.repeat(about, { copies, signature });
    if (tries === undefined) throw problem({ status: 409, code: 'nothing_told' });
    return { tries };
  }

  private paidTrades(): PaidTrade[] {
    return this.cashier.orders().filter((order): order is PaidTrade => order.state === 'PAID');
  }
}
