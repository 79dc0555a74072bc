import { problem } from '@hutong/http';
import { Body, Controller, Get, Header, Headers, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import { WechatCashier } from '../wechat/wechat-cashier.adapter.js';
import { CONTENT_POLICY } from './html.js';
import { cashierPage, indexPage, messagePage, payLink } from './pages.js';
import { ChoiceWire, ScannedWire } from './payer-page.wire.js';
import { STYLE } from './style.js';

const HTML = 'text/html; charset=utf-8';

/** The payer's telephone: opening a page changes nothing, pressing a button does. */
@Controller()
export class PayerPageController {
  constructor(
    private readonly cashier: WechatCashier,
    private readonly clock: SandboxClock,
  ) {}

  @Get()
  index(@Res() response: Response): void {
    send(response, 200, indexPage(this.cashier.orders()));
  }

  @Get('style.css')
  @Header('content-type', 'text/css; charset=utf-8')
  style(): string {
    return STYLE;
  }

  @Get('pay')
  show(@Query() { code_url: code, tried }: ScannedWire, @Res() response: Response): void {
    const order = this.cashier.orderOfCode(code);
    if (order === undefined) {
      return send(response, 404, messagePage('Unknown code', 'No order here has this code.'));
    }
    const merchant = this.cashier.accountNamed(order.terms.mchid).account;
    const now = this.clock.moment();
    const declined = tried === 'declined';
    send(response, 200, cashierPage({ order, code, merchant, now, declined }));
  }

  /** Whatever became of it, the order's page says so: a reload pays nothing twice. */
  @Post('pay')
  choose(
    @Body() { code_url: code, action }: ChoiceWire,
    @Headers('sec-fetch-site') from: string | undefined,
    @Res() response: Response,
  ): void {
    if (from === 'cross-site') throw problem({ status: 403, code: 'not_from_this_page' });
    const payer = { openid: undefined };
    if (action === 'pay') {
      this.cashier.pay({ code }, { ...payer, late: false });
      return response.redirect(303, payLink(code));
    }
    this.cashier.decline({ code }, payer);
    response.redirect(303, `${payLink(code)}&tried=declined`);
  }
}

function send(response: Response, status: number, page: string): void {
  response
    .status(status)
    .set({ 'content-security-policy': CONTENT_POLICY, 'cache-control': 'no-store' })
    .type(HTML)
    .send(page);
}
