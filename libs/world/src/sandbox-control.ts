import { call } from './call.js';

/** An order as the provider's own books have it. Amounts in fen. */
export type OrderView = Readonly<{
  outTradeNo: string;
  state: 'NOTPAY' | 'SUCCESS' | 'CLOSED';
  closedBecause?: 'asked' | 'expired';
  transactionId?: string;
  openid?: string;
  paidAt?: string;
  notifications: readonly Readonly<{ tries: readonly object[] }>[];
}>;

type Totals = Readonly<{
  account: string;
  orders: number;
  captured: Readonly<{ minor: string }>;
  refunded: Readonly<{ minor: string }>;
  refunding: Readonly<{ minor: string }>;
}>;

export type SandboxFault = Readonly<{
  call: 'create' | 'query' | 'close' | 'refund' | 'query_refund' | 'notify' | 'notify_refund';
  fault: string;
  times?: number;
  delayMs?: number;
  outTradeNo?: string;
}>;

/** What can be made to happen at the provider, and what its own books say. */
export class SandboxControl {
  constructor(private readonly sandbox: URL) {}

  /** @param scale how many times as fast the gaps between notifications and between refunds pass. */
  async hurry(scale: number): Promise<void> {
    await this.post('/control/clock', { scale });
  }

  /** The next calls that it fits go wrong in this way. */
  async arm(fault: SandboxFault): Promise<void> {
    await this.post('/control/faults', { provider: 'wechat', ...fault });
  }

  async order(outTradeNo: string): Promise<OrderView | undefined> {
    const query = new URLSearchParams({ outTradeNo }).toString();
    const path = `/control/wechat/orders?${query}`;
    const orders = await call<readonly OrderView[]>(this.sandbox, { method: 'GET', path });
    return orders[0];
  }

  /** What was last told of a paid order, once more. */
  async tellAgain(outTradeNo: string, copies: number): Promise<void> {
    await this.post('/control/wechat/notifications', { outTradeNo, copies });
  }

  /** Takes money for an order, with `extraFen` so much more than was asked. */
  async pay(how: { outTradeNo: string; extraFen?: number; late?: boolean }): Promise<void> {
    await this.post('/control/wechat/pay', how);
  }

  /** Of all merchants there. */
  totals(): Promise<readonly Totals[]> {
    return call(this.sandbox, { method: 'GET', path: '/control/wechat/totals' });
  }

  private post(path: string, body: object): Promise<unknown> {
    return call(this.sandbox, { method: 'POST', path, body });
  }
}
