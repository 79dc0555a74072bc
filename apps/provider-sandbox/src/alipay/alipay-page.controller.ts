import { problem } from '@hutong/http';
import { Body, Controller, Get, Headers, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import { CONTENT_POLICY } from '../payer-page/html.js';
import { isWallet, type Wallet } from '../wallets/wallet.js';
import { AlipayCashier } from './alipay-cashier.adapter.js';
import { BroughtWire, ChoiceWire, OpenedWire } from './alipay-page.wire.js';
import { AlipaySigners } from './alipay-signers.adapter.js';
import { cashierLink, cashierPage, indexPage, messagePage } from './alipay-pages.js';
import { returnAddress } from './return-address.signature.js';

/** Those of this world; a bank's app is one of many. */
const WALLETS: readonly Wallet[] = ['alipay', 'cloud_quickpass', 'bank_app:0105'];

/** A QR code's text, or the words that are handed on in its place; anything else is an order string. */
const SCANNED = /^(https:\/\/qr\.alipay\.com\/|￥)/;

/** The payer's browser and telephone. Opening a code is what makes a trade of it, as at Alipay. */
@Controller('alipay')
export class AlipayPageController {
  constructor(
    private readonly cashier: AlipayCashier,
    private readonly signers: AlipaySigners,
    private readonly clock: SandboxClock,
  ) {}

  @Get()
  index(@Res() response: Response): void {
    send(response, 200, indexPage(this.cashier.orders()));
  }

  /** What Alipay's client does with a code that it scans, or with what an app gives it. */
  @Get('open')
  open(@Query() { what }: BroughtWire, @Res() response: Response): void {
    if (!SCANNED.test(what)) return this.openOrder(response, what);
    const scanned = this.cashier.scan(what);
    if (scanned.ok) return response.redirect(303, cashierLink(scanned.value.tradeNo));
    const dead = messagePage('This code is no longer valid', 'The merchant has to show a new one.');
    const unknown = messagePage('Unknown code', 'No order here has this code.');
    if (scanned.refusal === 'code_dead') return send(response, 410, dead);
    send(response, 404, unknown);
  }

  @Get('cashier')
  show(@Query() { trade_no: tradeNo, tried }: OpenedWire, @Res() response: Response): void {
    const trade = this.cashier.trade(tradeNo);
    if (trade === undefined) {
      return send(response, 404, messagePage('Unknown trade', 'No order here has this number.'));
    }
    const account = this.cashier.accountOf(trade);
    const wallets = WALLETS.filter((wallet) => this.cashier.accepts(account, wallet));
    const { privateKey: key } = this.signers.of(account, trade.terms.keys);
    const signing = { account, key, now: this.clock.now() };
    const back = trade.state === 'PAID' ? returnAddress(trade, signing) : undefined;
    const view = { trade, merchant: account.account, wallets, tried, back };
    send(response, 200, cashierPage(view));
  }

  /** Whatever became of it, the trade's page says so: a reload pays nothing twice. */
  @Post('pay')
  choose(
    @Body() { trade_no: tradeNo, wallet, action }: ChoiceWire,
    @Headers('sec-fetch-site') from: string | undefined,
    @Res() response: Response,
  ): void {
    if (from === 'cross-site') throw problem({ status: 403, code: 'not_from_this_page' });
    if (!isWallet(wallet)) throw problem({ status: 422, code: 'wallet_not_accepted' });
    if (action === 'pay') this.cashier.pay(tradeNo, { wallet });
    else this.cashier.decline(tradeNo);
    response.redirect(303, cashierLink(tradeNo, action === 'decline' ? 'declined' : undefined));
  }

  private openOrder(response: Response, orderString: string): void {
    const opened = this.cashier.open(orderString);
    if (opened.ok) return response.redirect(303, cashierLink(opened.value.tradeNo));
    send(response, 422, messagePage('Alipay does not open', opened.refusal.subMsg));
  }
}

function send(response: Response, status: number, page: string): void {
  response
    .status(status)
    .set({ 'content-security-policy': CONTENT_POLICY, 'cache-control': 'no-store' })
    .type('text/html; charset=utf-8')
    .send(page);
}
