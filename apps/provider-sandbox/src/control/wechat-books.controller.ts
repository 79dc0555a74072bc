import { problem } from '@hutong/http';
import { Body, Controller, Get, HttpCode, Inject, Post, UseGuards } from '@nestjs/common';
import { totalsView } from '../books/totals.js';
import type { WechatAccount } from '../wechat/wechat-accounts.adapter.js';
import { WechatCashier } from '../wechat/wechat-cashier.adapter.js';
import { WechatNotifier } from '../wechat/wechat-notifier.adapter.js';
import { WechatRefunds } from '../wechat/wechat-refunds.adapter.js';
import { EndRefundWire, WithdrawWire } from './control.wire.js';
import { WECHAT_ACCOUNTS } from './credentials.controller.js';
import { LoopbackOnly } from './loopback-only.adapter.js';
import { refundView, type RefundView } from './refund-view.js';

/** What became of the money: refunds, and what each account took and gave back. */
@Controller('control/wechat')
@UseGuards(LoopbackOnly)
export class WechatBooksController {
  constructor(
    @Inject(WECHAT_ACCOUNTS) private readonly accounts: readonly WechatAccount[],
    private readonly cashier: WechatCashier,
    private readonly refunds: WechatRefunds,
    private readonly notifier: WechatNotifier,
  ) {}

  @Get('totals')
  totals() {
    return this.accounts.map(({ account, mchid }) => ({
      account,
      mchid,
      ...totalsView(this.refunds.totalsOf(mchid)),
    }));
  }

  /** Of all merchants, order by order. */
  @Get('refunds')
  all(): RefundView[] {
    return this.cashier
      .orders()
      .flatMap((order) =>
        order.state === 'SUCCESS' ? order.refunds.map((refund) => ({ order, refund })) : [],
      )
      .map((refunding) => refundView(refunding, this.notifier.of(refunding.refund.refundId)));
  }

  /** Ends it now, and tells the merchant. */
  @Post('refunds')
  @HttpCode(200)
  end(@Body() { outRefundNo, account, status }: EndRefundWire): RefundView {
    const owner = this.accounts.find(
      (known) =>
        (account === undefined || known.account === account) &&
        this.refunds.find(known.mchid, outRefundNo) !== undefined,
    );
    if (owner === undefined) throw problem({ status: 404, code: 'refund_not_found' });
    const ended = this.refunds.end(owner, outRefundNo, status);
    if (!ended.ok) throw problem({ status: 409, code: `refund_${ended.refusal}` });
    return refundView(ended.value, this.notifier.of(ended.value.refund.refundId));
  }

  /** The account is empty until it is paid again: its refunds are NOT_ENOUGH. */
  @Post('withdraw')
  @HttpCode(204)
  withdraw(@Body() { account }: WithdrawWire): void {
    const owner = this.accounts.find((known) => known.account === account);
    if (owner === undefined) throw problem({ status: 404, code: 'account_not_found' });
    this.refunds.withdraw(owner.mchid);
  }
}
