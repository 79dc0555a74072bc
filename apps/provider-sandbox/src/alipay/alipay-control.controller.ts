import { problem } from '@hutong/http';
import type { Result } from '@hutong/result';
import { Body, Controller, Get, HttpCode, Inject, Post, Query, UseGuards } from '@nestjs/common';
import { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import { LoopbackOnly } from '../control/loopback-only.adapter.js';
import { isWallet, type Wallet } from '../wallets/wallet.js';
import { ALIPAY_ACCOUNTS, type AlipayAccount } from './alipay-accounts.adapter.js';
import { AlipayCashier, type CashierRefusal } from './alipay-cashier.adapter.js';
import {
  InteroperabilityWire,
  OrdersQueryWire,
  PayWire,
  PointerWire,
  ShowWire,
} from './alipay-control.wire.js';
import { AlipayNotifier } from './alipay-notifier.adapter.js';
import { orderView, type OrderView } from './alipay-view.js';
import { PayerCodes, type PayerReaction } from './payer-codes.adapter.js';
import { isSubCode, type SubCode } from './refusal.js';
import type { KnownTrade, Order } from './trade.js';

/** What payers do with their telephones and browsers, by API, and which orders there are. */
@Controller('control/alipay')
@UseGuards(LoopbackOnly)
export class AlipayControlController {
  constructor(
    @Inject(ALIPAY_ACCOUNTS) private readonly accounts: readonly AlipayAccount[],
    private readonly cashier: AlipayCashier,
    private readonly codes: PayerCodes,
    private readonly notifier: AlipayNotifier,
    private readonly clock: SandboxClock,
  ) {}

  @Post('pay')
  @HttpCode(200)
  pay(@Body() { wallet = OWN, buyerId, late, extraFen, ...wire }: PayWire): OrderView {
    const how = { wallet: walletOf(wallet), buyerId, late, extraFen };
    return this.viewOrThrow(this.cashier.pay(this.tradeOf(wire).tradeNo, how));
  }

  /** The payer tries and does not pay: the trade stays payable. */
  @Post('decline')
  @HttpCode(200)
  decline(@Body() wire: PointerWire): OrderView {
    return this.viewOrThrow(this.cashier.decline(this.tradeOf(wire).tradeNo));
  }

  /** Opens the cashier and leaves it open: from now on there is a trade. */
  @Post('open')
  @HttpCode(200)
  open(@Body() wire: PointerWire): OrderView {
    return this.view(this.tradeOf(wire));
  }

  /** For one payment, within a minute. */
  @Post('codes')
  show(@Body() { wallet = OWN, then = 'pays', code = TOO_POOR }: ShowWire): { authCode: string } {
    const reaction: PayerReaction =
      then === 'declines' ? { does: then, code: subCodeOf(code) } : { does: then };
    return { authCode: this.codes.show({ wallet: walletOf(wallet), reaction }) };
  }

  /** Whether the merchant agreed that users of UnionPay's apps may pay its orders at Alipay. */
  @Post('interoperability')
  @HttpCode(204)
  agree(@Body() { account, takesUnionpay }: InteroperabilityWire): void {
    const owner = this.accounts.find((known) => known.account === account);
    if (owner === undefined) throw problem({ status: 404, code: 'account_not_found' });
    this.codes.agree(owner.sellerId, takesUnionpay);
  }

  @Get('orders')
  orders(@Query() { outTradeNo }: OrdersQueryWire): OrderView[] {
    return this.cashier
      .orders()
      .filter(({ terms }) => outTradeNo === undefined || terms.outTradeNo === outTradeNo)
      .map((order) => this.view(order));
  }

  /**
   * Opening an address or an order string, and scanning a code, makes a trade of it.
   * @throws ProblemException 400 if it is said in no way or in two, 404, 409, or 422 if nothing opens
   */
  private tradeOf({ account, ...ways }: PointerWire): KnownTrade {
    const { qrCode, shareCode, url, orderString, tradeNo, outTradeNo } = ways;
    if (Object.values(ways).filter((way) => way !== undefined).length !== 1) {
      throw problem({ status: 400, code: 'which_order' });
    }
    const scanned = qrCode ?? shareCode;
    if (scanned !== undefined) return valueOrThrow(this.cashier.scan(scanned));
    const brought = orderString ?? (url && queryOf(url));
    if (brought !== undefined) return this.opened(brought);
    const [order, ...others] = this.cashier
      .orders()
      .filter((each) => isOf(each, { tradeNo, outTradeNo }))
      .filter((each) => account === undefined || this.accountOf(each).account === account);
    if (order === undefined) throw refusalProblem('not_found');
    if (others.length > 0) throw problem({ status: 409, code: 'order_of_several_accounts' });
    return order.state === 'OFFERED' ? valueOrThrow(this.cashier.scan(order.code.text)) : order;
  }

  private opened(text: string): KnownTrade {
    const opened = this.cashier.open(text);
    if (opened.ok) return opened.value;
    const { subCode, subMsg } = opened.refusal;
    throw problem({ status: 422, code: 'client_refuses', subCode, subMsg });
  }

  private viewOrThrow(result: Result<Order, CashierRefusal>): OrderView {
    return this.view(valueOrThrow(result));
  }

  private view(order: Order): OrderView {
    const told = (tradeNo: string, outRequestNo?: string) =>
      this.notifier.of(tradeNo, outRequestNo);
    return orderView(order, this.accountOf(order), { now: this.clock.moment(), told });
  }

  private accountOf(order: Order): AlipayAccount {
    return this.cashier.accountOf(order);
  }
}

/** Whose telephone it is where nobody says. */
const OWN = 'alipay';
const TOO_POOR = 'ACQ.BUYER_BALANCE_NOT_ENOUGH';

const isOf = (
  order: Order,
  {
    tradeNo,
    outTradeNo,
  }: Readonly<{ tradeNo: string | undefined; outTradeNo: string | undefined }>,
): boolean =>
  order.terms.outTradeNo === outTradeNo || (order.state !== 'OFFERED' && order.tradeNo === tradeNo);

const queryOf = (url: string): string => (URL.canParse(url) ? new URL(url).search.slice(1) : '');

/** @throws ProblemException 422 for what is no wallet, and for WeChat's */
function walletOf(text: string): Wallet {
  if (isWallet(text) && text !== 'wechat_pay') return text;
  throw refusalProblem('wallet_not_accepted');
}

/** @throws ProblemException 422 for what is none of Alipay's codes */
function subCodeOf(text: string): SubCode {
  if (!isSubCode(text)) throw problem({ status: 422, code: 'error_code_unknown' });
  return text;
}

type Refusal = CashierRefusal | 'code_dead';

const PROBLEMS: Readonly<Record<Refusal, Readonly<{ status: number; code: string }>>> = {
  not_found: { status: 404, code: 'order_not_found' },
  paid: { status: 409, code: 'order_paid' },
  closed: { status: 409, code: 'order_closed' },
  wallet_not_accepted: { status: 409, code: 'wallet_not_accepted' },
  code_dead: { status: 409, code: 'code_dead' },
};

const refusalProblem = (refusal: Refusal) => problem(PROBLEMS[refusal]);

function valueOrThrow<T>(result: Result<T, Refusal>): T {
  if (!result.ok) throw refusalProblem(result.refusal);
  return result.value;
}
