import { problem } from '@hutong/http';
import { assertNever } from '@hutong/result';
import { Body, Controller, Get, Header, Headers, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import type { Pointer } from '../wechat/order-book.js';
import { WechatCashier } from '../wechat/wechat-cashier.adapter.js';
import { CONTENT_POLICY } from './html.js';
import { cashierPage, indexPage, messagePage, payLink, type CashierView } from './pages.js';
import { ChoiceWire, ClientWire, H5Wire, ScannedWire } from './payer-page.wire.js';
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
  show(
    @Query() { code_url: code, tried, redirect_url: redirectUrl }: ScannedWire,
    @Res() response: Response,
  ): void {
    this.cashierOf(response, { code, tried, redirectUrl });
  }

  /** Where an h5_url leads the payer's browser. */
  @Get('h5')
  browse(
    @Query() { prepay_id: code, redirect_url: redirectUrl }: H5Wire,
    @Res() response: Response,
  ): void {
    this.cashierOf(response, { code, tried: undefined, redirectUrl });
  }

  /** What WeChat's client does when an app or a mini program calls it: nothing, if a sign is wrong. */
  @Get('client')
  open(@Query() { parameters }: ClientWire, @Res() response: Response): void {
    const opened = this.cashier.opened(objectIn(parameters));
    if (opened.ok && 'code' in opened.value) {
      return response.redirect(303, payLink(opened.value.code));
    }
    const reason = opened.ok ? '' : Object.values(opened.refusal).join(': ');
    send(response, 422, messagePage('WeChat does not open', reason));
  }

  /** Whatever became of it, the order's page says so: a reload pays nothing twice. */
  @Post('pay')
  choose(
    @Body() { code_url: code, action, redirect_url }: ChoiceWire,
    @Headers('sec-fetch-site') from: string | undefined,
    @Res() response: Response,
  ): void {
    if (from === 'cross-site') throw problem({ status: 403, code: 'not_from_this_page' });
    const tried = this.act({ code }, action);
    response.redirect(303, payLink(code, { tried, redirect_url }));
  }

  /** @returns what the page then says was done, beside what the order has become */
  private act(pointer: Pointer, action: ChoiceWire['action']): 'declined' | 'left' | undefined {
    const payer = { openid: undefined };
    switch (action) {
      case 'pay':
        this.cashier.pay(pointer, { ...payer, late: false });
        return undefined;
      case 'decline':
        this.cashier.decline(pointer, payer);
        return 'declined';
      case 'leave':
        this.cashier.enter(pointer, payer);
        return 'left';
      default:
        return assertNever(action);
    }
  }

  private cashierOf(
    response: Response,
    { code, ...seen }: Pick<CashierView, 'code' | 'tried' | 'redirectUrl'>,
  ): void {
    const order = this.cashier.orderOfCode(code);
    if (order === undefined) {
      return send(response, 404, messagePage('Unknown code', 'No order here has this code.'));
    }
    const merchant = this.cashier.accountNamed(order.terms.mchid).account;
    const now = this.clock.moment();
    send(response, 200, cashierPage({ order, code, merchant, now, ...seen }));
  }
}

/** An empty object for what is not one: the client then says what is missing. */
function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function send(response: Response, status: number, page: string): void {
  response
    .status(status)
    .set({ 'content-security-policy': CONTENT_POLICY, 'cache-control': 'no-store' })
    .type(HTML)
    .send(page);
}
