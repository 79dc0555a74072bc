import { problem } from '@hutong/http';
import type { Result } from '@hutong/result';
import { Body, Controller, Get, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import type { Pointer } from '../wechat/order-book.js';
import type { Order } from '../wechat/order.js';
import { WechatCashier, type CashierRefusal } from '../wechat/wechat-cashier.adapter.js';
import { WechatNotifier, type Try } from '../wechat/wechat-notifier.adapter.js';
import {
  DeclineWire,
  OrderPointerWire,
  OrdersQueryWire,
  PayWire,
  RepeatWire,
} from './control.wire.js';
import { LoopbackOnly } from './loopback-only.adapter.js';
import { orderView, type OrderView } from './order-view.js';

/** What payers do, by API, and what WeChat's own books say. */
@Controller('control/wechat')
@UseGuards(LoopbackOnly)
export class WechatControlController {
  constructor(
    private readonly cashier: WechatCashier,
    private readonly notifier: WechatNotifier,
  ) {}

  @Post('pay')
  @HttpCode(200)
  pay(@Body() { openid, late = false, extraFen = 0, ...pointer }: PayWire): OrderView {
    const how = { openid, late, extraFen };
    return this.viewOrThrow(this.cashier.pay(this.pointerOf(pointer), how));
  }

  @Post('decline')
  @HttpCode(200)
  decline(@Body() { openid, ...pointer }: DeclineWire): OrderView {
    return this.viewOrThrow(this.cashier.decline(this.pointerOf(pointer), { openid }));
  }

  /** Whoever opens the cashier first is the only one who may pay. */
  @Post('open')
  @HttpCode(200)
  open(@Body() { openid, ...pointer }: DeclineWire): OrderView {
    return this.viewOrThrow(this.cashier.enter(this.pointerOf(pointer), { openid }));
  }

  @Get('orders')
  orders(@Query() { outTradeNo }: OrdersQueryWire): OrderView[] {
    const orders =
      outTradeNo === undefined ? this.cashier.orders() : this.cashier.ordersOf(outTradeNo);
    return orders.map((order) => this.view(order));
  }

  /** Answers once every copy was answered. */
  @Post('notifications')
  @HttpCode(200)
  async notify(@Body() wire: RepeatWire): Promise<Readonly<{ tries: readonly Try[] }>> {
    const order = this.orderOf(wire.outTradeNo, wire.account);
    if (order.state !== 'SUCCESS') throw problem({ status: 409, code: 'order_not_paid' });
    const { outRefundNo, copies = 1, signature = 'good' } = wire;
    const refund = order.refunds.find(({ terms }) => terms.outRefundNo === outRefundNo);
    const about = outRefundNo === undefined ? order.payment.transactionId : refund?.refundId;
    const tries = await this.notifier.repeat(about ?? '', { copies, signature });
    if (tries === undefined) throw problem({ status: 409, code: 'nothing_told' });
    return { tries };
  }

  /** @throws ProblemException 400 if it is said in no way or in two; 422 if the client would not open */
  private pointerOf({ account, ...ways }: OrderPointerWire): Pointer {
    const said = Object.values(ways).filter((way) => way !== undefined);
    if (said.length !== 1) throw problem({ status: 400, code: 'which_order' });
    const { codeUrl, h5Url, parameters, outTradeNo = '' } = ways;
    if (codeUrl !== undefined) return { code: codeUrl };
    if (h5Url !== undefined) return { code: prepayIdIn(h5Url) };
    if (parameters === undefined) return this.orderOf(outTradeNo, account).terms;
    const opened = this.cashier.opened(parameters);
    if (!opened.ok) throw problem({ status: 422, ...opened.refusal });
    return opened.value;
  }

  private orderOf(outTradeNo: string, account: string | undefined): Order {
    const orders = this.cashier
      .ordersOf(outTradeNo)
      .filter((order) => account === undefined || this.accountOf(order) === account);
    const [order] = orders;
    if (order === undefined) throw refusalProblem('not_found');
    if (orders.length > 1) throw problem({ status: 409, code: 'order_of_several_accounts' });
    return order;
  }

  private viewOrThrow(result: Result<Order, CashierRefusal>): OrderView {
    if (!result.ok) throw refusalProblem(result.refusal);
    return this.view(result.value);
  }

  private view(order: Order): OrderView {
    return orderView(order, this.accountOf(order), (about) => this.notifier.of(about));
  }

  private accountOf(order: Order): string {
    return this.cashier.accountNamed(order.terms.mchid).account;
  }
}

/** As the page behind an h5_url reads it; empty for a URL that is none. */
const prepayIdIn = (h5Url: string): string =>
  (URL.canParse(h5Url) && new URL(h5Url).searchParams.get('prepay_id')) || '';

const problems: Readonly<Record<CashierRefusal, Readonly<{ status: number; code: string }>>> = {
  not_found: { status: 404, code: 'order_not_found' },
  paid: { status: 409, code: 'order_paid' },
  closed: { status: 409, code: 'order_closed' },
  other_payer: { status: 409, code: 'order_of_another_payer' },
  code_dead: { status: 409, code: 'code_dead' },
};

const refusalProblem = (refusal: CashierRefusal) => problem(problems[refusal]);
