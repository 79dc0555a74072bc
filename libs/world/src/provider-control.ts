import type { Provider } from '@hutong/domain-events';
import { call } from './call.js';

type Told = Readonly<{ notifications: readonly Readonly<{ tries: readonly object[] }>[] }>;

/** An order as its provider's own books have it, in the provider's words; its number is our attempt's id. */
export type OrderViews = Readonly<{
  wechat: Told &
    Readonly<{
      outTradeNo: string;
      state: 'NOTPAY' | 'SUCCESS' | 'CLOSED';
      closedBecause?: 'asked' | 'expired';
      transactionId?: string;
      openid?: string;
      paidAt?: string;
    }>;
  /** `OFFERED` is no trade yet. */
  alipay: Told &
    Readonly<{
      outTradeNo: string;
      state: 'OFFERED' | 'WAIT_BUYER_PAY' | 'TRADE_SUCCESS' | 'TRADE_FINISHED' | 'TRADE_CLOSED';
      closedBecause?: 'asked' | 'cancelled' | 'expired';
      tradeNo?: string;
      wallet?: string;
      paidAt?: string;
    }>;
  unionpay: Told &
    Readonly<{
      orderId: string;
      state: 'open' | 'paid' | 'expired' | 'declined';
      queryId?: string;
      wallet?: string;
      paidAt?: string;
    }>;
}>;

/** WeChat's. */
export type OrderView = OrderViews['wechat'];

type Common = 'query' | 'refund' | 'notify' | 'notify_refund';
type Calls = Readonly<{
  wechat: Common | 'create' | 'close' | 'query_refund';
  alipay: Common | 'precreate' | 'pay' | 'close' | 'cancel' | 'query_refund' | 'notify_close';
  unionpay: Common | 'create' | 'undo';
}>;

/** What goes wrong with the next calls; with a `share` by chance, with that part of all from now on. */
export type SandboxFault<P extends Provider = 'wechat'> = Readonly<{
  call: Calls[P];
  fault: string;
  times?: number;
  delayMs?: number;
  /** A provider's own code, for a fault that says one. */
  code?: string;
  share?: number;
  seed?: number;
  outTradeNo?: string;
}>;

type Minor = Readonly<{ minor: string }>;
export type Totals = Readonly<{
  account: string;
  orders: number;
  captured: Minor;
  refunded: Minor;
  refunding: Minor;
}>;

/** How a provider calls the number that its merchant gave to an order. */
export const NUMBER: Readonly<Record<Provider, string>> = {
  wechat: 'outTradeNo',
  alipay: 'outTradeNo',
  unionpay: 'orderId',
};

/** How a refund is said to have ended well, where one can be told to wait for that. */
const ENDED: Readonly<Partial<Record<Provider, (refundId: string) => object>>> = {
  wechat: (outRefundNo) => ({ outRefundNo, status: 'SUCCESS' }),
  unionpay: (orderId) => ({ orderId, code: '00' }),
};

/** One provider's side of the sandbox: what can be made to happen there, and what its own books say. */
export class ProviderControl<P extends Provider> {
  constructor(
    private readonly sandbox: URL,
    private readonly provider: P,
  ) {}

  /** The next calls that it fits go wrong in this way. */
  async arm(fault: SandboxFault<P>): Promise<void> {
    const body = { provider: this.provider, ...fault };
    await call(this.sandbox, { method: 'POST', path: '/control/faults', body });
  }

  async order(attemptId: string): Promise<OrderViews[P] | undefined> {
    const query = new URLSearchParams(this.numbered(attemptId)).toString();
    const [order] = await this.get<readonly OrderViews[P][]>(`orders?${query}`);
    return order;
  }

  /** What was last told of a paid order, once more. */
  async tellAgain(attemptId: string, copies: number): Promise<void> {
    await this.post('notifications', { ...this.numbered(attemptId), copies });
  }

  /** Takes money for an order, with `extraFen` so much more than was asked; `late` when it is over, too. */
  async pay(
    attemptId: string,
    how: Readonly<{ extraFen?: number; late?: boolean }> = {},
  ): Promise<void> {
    await this.post('pay', { ...this.numbered(attemptId), ...how });
  }

  /** Somebody opens the cashier with it, and leaves it open. */
  async open(attemptId: string): Promise<void> {
    await this.post('open', this.numbered(attemptId));
  }

  /** Somebody tries to pay an order and cannot. */
  async decline(attemptId: string): Promise<void> {
    await this.post('decline', this.numbered(attemptId));
  }

  /** Ends a refund that is under way: the money is with its payer. @throws Error where none has to be ended. */
  async endRefund(refundId: string): Promise<void> {
    const end = ENDED[this.provider]?.(refundId);
    if (end === undefined) throw new Error(`${this.provider} ends its refunds by itself`);
    await this.post('refunds', end);
  }

  /** A merchant's account is empty until it is paid again. */
  async withdraw(account: string): Promise<void> {
    await this.post('withdraw', { account });
  }

  /** Of all merchants there. */
  totals(): Promise<readonly Totals[]> {
    return this.get('totals');
  }

  private numbered(attemptId: string): Record<string, string> {
    return { [NUMBER[this.provider]]: attemptId };
  }

  private get<Answer>(what: string): Promise<Answer> {
    return call(this.sandbox, { method: 'GET', path: `/control/${this.provider}/${what}` });
  }

  private async post(what: string, body: object): Promise<void> {
    const path = `/control/${this.provider}/${what}`;
    await call(this.sandbox, { method: 'POST', path, body });
  }
}
