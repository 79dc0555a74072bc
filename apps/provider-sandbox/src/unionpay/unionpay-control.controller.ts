import { problem } from '@hutong/http';
import type { Result } from '@hutong/result';
import { Body, Controller, Get, HttpCode, Inject, Post, Query, UseGuards } from '@nestjs/common';
import { LoopbackOnly } from '../control/loopback-only.adapter.js';
import { isWallet } from '../wallets/wallet.js';
import type { Order } from './order.js';
import { PayerCodes, type PayerReaction } from './payer-codes.adapter.js';
import { isPayingApp, type PayingApp } from './paying-app.js';
import { isResultCode, type ResultCode } from './result-code.js';
import { UNIONPAY_ACCOUNTS, type UnionpayAccount } from './unionpay-accounts.adapter.js';
import { UnionpayCashier, type CashierRefusal, type Pointer } from './unionpay-cashier.adapter.js';
import {
  DeclineWire,
  InteroperabilityWire,
  OrdersQueryWire,
  PayWire,
  PointerWire,
  ShowWire,
} from './unionpay-control.wire.js';
import { UnionpayNotifier } from './unionpay-notifier.adapter.js';
import { orderView, type OrderView } from './unionpay-view.js';

/** What payers do with their telephones, by API, and which orders there are. */
@Controller('control/unionpay')
@UseGuards(LoopbackOnly)
export class UnionpayControlController {
  constructor(
    @Inject(UNIONPAY_ACCOUNTS) private readonly accounts: readonly UnionpayAccount[],
    private readonly cashier: UnionpayCashier,
    private readonly codes: PayerCodes,
    private readonly notifier: UnionpayNotifier,
  ) {}

  @Post('pay')
  @HttpCode(200)
  pay(@Body() { wallet = OWN, late = false, defect = false, ...wire }: PayWire): OrderView {
    const { extraFen = 0, tellsLate = false } = wire;
    const how = { app: appOf(wallet), late, tellsLate, hasDefect: defect, extraFen };
    return this.viewOrThrow(this.cashier.pay(this.pointerOf(wire), how));
  }

  /** The order stays payable, unless a shop had read its payer's code. */
  @Post('decline')
  @HttpCode(200)
  decline(@Body() { code = '64', ...wire }: DeclineWire): OrderView {
    const why = codeOf(code);
    return this.viewOrThrow(this.cashier.decline(this.pointerOf(wire), why));
  }

  /** Opens the cashier and leaves it open. */
  @Post('open')
  @HttpCode(200)
  open(@Body() wire: PointerWire): OrderView {
    return this.viewOrThrow(this.cashier.enter(this.pointerOf(wire)));
  }

  /** For one payment, within a minute. */
  @Post('codes')
  show(@Body() { wallet = OWN, then = 'pays', code = '64' }: ShowWire): Readonly<{ qrNo: string }> {
    const reaction: PayerReaction =
      then === 'declines' ? { does: then, code: codeOf(code) } : { does: then };
    return { qrNo: this.codes.show({ app: appOf(wallet), reaction }) };
  }

  /** Whether the merchant agreed that Alipay's users may pay its orders at UnionPay. */
  @Post('interoperability')
  @HttpCode(204)
  agree(@Body() { account, takesAlipay }: InteroperabilityWire): void {
    const owner = this.accounts.find((known) => known.account === account);
    if (owner === undefined) throw problem({ status: 404, code: 'account_not_found' });
    this.codes.agree(owner.merId, takesAlipay);
  }

  @Get('orders')
  orders(@Query() { orderId }: OrdersQueryWire): OrderView[] {
    const orders = orderId === undefined ? this.cashier.orders() : this.cashier.ordersOf(orderId);
    return orders.map((order) => this.view(order));
  }

  /** @throws ProblemException 400 if it is said in no way or in two, 404, or 409 if several fit */
  private pointerOf({ tn, qrCode, orderId, account, txnTime }: PointerWire): Pointer {
    const said = [tn, qrCode, orderId].filter((way) => way !== undefined);
    const [opensBy = ''] = said;
    if (said.length !== 1) throw problem({ status: 400, code: 'which_order' });
    if (orderId === undefined) return { opensBy };
    const [order, ...others] = this.cashier
      .ordersOf(orderId)
      .filter((each) => account === undefined || this.accountOf(each) === account)
      .filter(({ terms }) => txnTime === undefined || terms.txnTime === txnTime);
    if (order === undefined) throw problem(PROBLEMS.not_found);
    if (others.length > 0) throw problem({ status: 409, code: 'order_of_several' });
    return order.terms;
  }

  private viewOrThrow(result: Result<Order, CashierRefusal>): OrderView {
    if (!result.ok) throw problem(PROBLEMS[result.refusal]);
    return this.view(result.value);
  }

  private view(order: Order): OrderView {
    return orderView(order, this.accountOf(order), (queryId) => this.notifier.of(queryId));
  }

  private accountOf({ terms }: Order): string {
    return this.accounts.find(({ merId }) => merId === terms.merId)?.account ?? '';
  }
}

/** Whose telephone it is where nobody says. */
const OWN = 'cloud_quickpass';

const PROBLEMS: Readonly<Record<CashierRefusal, Readonly<{ status: number; code: string }>>> = {
  not_found: { status: 404, code: 'order_not_found' },
  paid: { status: 409, code: 'order_paid' },
  expired: { status: 409, code: 'order_expired' },
  declined: { status: 409, code: 'order_declined' },
  wallet_not_accepted: { status: 409, code: 'wallet_not_accepted' },
};

/** @throws ProblemException 422 for what is no wallet, and for WeChat's */
export function appOf(wallet: string): PayingApp {
  if (!isWallet(wallet) || !isPayingApp(wallet)) {
    throw problem({ status: 422, code: 'wallet_not_accepted' });
  }
  return wallet;
}

/** @throws ProblemException 422 for what is none of UnionPay's codes */
export function codeOf(text: string): ResultCode {
  if (!isResultCode(text)) throw problem({ status: 422, code: 'error_code_unknown' });
  return text;
}
