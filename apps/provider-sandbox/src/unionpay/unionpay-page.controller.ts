import { problem } from '@hutong/http';
import { assertNever } from '@hutong/result';
import { Body, Controller, Get, Headers, Inject, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { contentPolicy } from '../payer-page/html.js';
import { noticeOf } from './answer.js';
import type { Order } from './order.js';
import type { PayingApp } from './paying-app.js';
import { isResultCode, messageOf } from './result-code.js';
import { sealed } from './sealed.signature.js';
import { SigningCertificates } from './signing-certificates.adapter.js';
import { UNIONPAY_ACCOUNTS, type UnionpayAccount } from './unionpay-accounts.adapter.js';
import { UnionpayCashier } from './unionpay-cashier.adapter.js';
import { appOf } from './unionpay-control.controller.js';
import { ChoiceWire, OpenedWire, RefusedWire } from './unionpay-page.wire.js';
import {
  cashierPage,
  indexPage,
  messagePage,
  payLink,
  type CashierView,
} from './unionpay-pages.js';

/** Those of this world; a bank's app is one of many. */
const WALLETS: readonly PayingApp[] = ['cloud_quickpass', 'bank_app:0105', 'alipay'];

/** UnionPay's cashier and the payer's telephone: opening a page changes nothing, a button does. */
@Controller('unionpay')
export class UnionpayPageController {
  constructor(
    @Inject(UNIONPAY_ACCOUNTS) private readonly accounts: readonly UnionpayAccount[],
    private readonly cashier: UnionpayCashier,
    private readonly certificates: SigningCertificates,
  ) {}

  @Get()
  index(@Res() response: Response): void {
    send(response, 200, indexPage(this.cashier.orders()));
  }

  @Get('refused')
  refused(@Query() { code }: RefusedWire, @Res() response: Response): void {
    const message = isResultCode(code) ? messageOf(code) : code;
    send(response, 200, messagePage('The merchant’s request was refused', message));
  }

  @Get('pay')
  async show(@Query() { code, tried }: OpenedWire, @Res() response: Response): Promise<void> {
    const order = this.cashier.orderAt({ opensBy: code });
    if (order === undefined) {
      return send(response, 404, messagePage('Unknown code', 'No order here has this code.'));
    }
    const back = await this.backFrom(order);
    const merchant = this.accounts.find(({ merId }) => merId === order.terms.merId)?.account ?? '';
    const wallets = WALLETS.filter((wallet) => this.cashier.mayPay(wallet, order));
    const shown = cashierPage({ order, merchant, wallets, tried, back });
    send(response, 200, shown, back && new URL(back.url).origin);
  }

  /** Whatever became of it, the order's page says so: a reload pays nothing twice. */
  @Post('pay')
  choose(
    @Body() { code, wallet, action }: ChoiceWire,
    @Headers('sec-fetch-site') from: string | undefined,
    @Res() response: Response,
  ): void {
    if (from === 'cross-site') throw problem({ status: 403, code: 'not_from_this_page' });
    response.redirect(303, payLink(code, this.act({ opensBy: code }, action, wallet)));
  }

  private act(
    pointer: Readonly<{ opensBy: string }>,
    action: ChoiceWire['action'],
    wallet: string,
  ): 'declined' | 'left' | undefined {
    switch (action) {
      case 'pay':
        this.cashier.pay(pointer, { app: appOf(wallet) });
        return undefined;
      case 'decline':
        this.cashier.decline(pointer, '64');
        return 'declined';
      case 'leave':
        this.cashier.enter(pointer);
        return 'left';
      default:
        return assertNever(action);
    }
  }

  private async backFrom(order: Order): Promise<CashierView['back']> {
    const { frontUrl } = order.terms;
    if (frontUrl === undefined || order.state !== 'paid') return undefined;
    const signer = await this.certificates.signerFor('good');
    return { url: frontUrl, fields: sealed(noticeOf({ kind: 'order', order }, 0), signer, 'good') };
  }
}

function send(response: Response, status: number, page: string, goesTo?: string): void {
  response
    .status(status)
    .set({ 'content-security-policy': contentPolicy(goesTo), 'cache-control': 'no-store' })
    .type('text/html; charset=utf-8')
    .send(page);
}
