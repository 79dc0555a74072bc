import { expect } from '@jest/globals';
import {
  attemptId,
  CHECKOUT_PAYMENTS,
  GATEWAY_REPORTS,
  PAYMENT_OUTCOMES,
  paymentId,
  ROUTING_DECISIONS,
  type AttemptId,
  type EventId,
  type GatewayReport,
  type PaymentId,
  type RefundId,
} from '@hutong/domain-events';
import { money } from '@hutong/money';
import {
  aPaymentOffered,
  aProviderRef,
  aRefundFailed,
  aRefundPending,
  aRefundSucceeded,
  anAttemptClosed,
  anAttemptFailed,
  anAttemptSucceeded,
  eventually,
  FixedClock,
  WECHAT_QR,
} from '@hutong/testing';
import { anOrder, PlatformClient, World } from './world.examples.js';

export const AMOUNT = money(12_800n, 'CNY');
const AT_ONCE = { prefer: 'wait=0' };

/** A payment with its attempts, as the spec tells of it. */
export type Bought = Readonly<{ paymentId: PaymentId; attempts: readonly AttemptId[] }>;

/** Two whole instances by one clock, a platform at each of them, and what a provider would report. */
export class Shop implements AsyncDisposable {
  private constructor(
    readonly world: World,
    readonly clock: FixedClock,
    /** The same platform, at the first and at the second instance. */
    readonly here: PlatformClient,
    readonly there: PlatformClient,
  ) {}

  static async open(): Promise<Shop> {
    await using opened = new AsyncDisposableStack();
    const world = opened.use(await World.start());
    const clock = new FixedClock(new Date().toISOString());
    await world.add('all', { clock });
    await world.add('all', { clock });
    const key = await world.keyFor('taobao');
    opened.move();
    return new Shop(
      world,
      clock,
      new PlatformClient(world.at(0), key),
      new PlatformClient(world.at(1), key),
    );
  }

  async requested(order = anOrder()): Promise<PaymentId> {
    const { status, body } = await this.here.post('/payments', order, AT_ONCE);
    expect(status).toBe(201);
    return paymentId(String(body['paymentId']));
  }

  async offered(order = anOrder()): Promise<PaymentId> {
    const id = await this.requested(order);
    const validUntil = new Date(this.clock.now().getTime() + 600_000);
    const methods = [{ method: WECHAT_QR, label: 'WeChat Pay' }];
    const offer = aPaymentOffered({ paymentId: id, offer: 1, validUntil, methods });
    await this.world.tell(ROUTING_DECISIONS, offer);
    await this.is(id, 'offered');
    return id;
  }

  /** With so many attempts, each open. */
  async chosen(count = 1, order = anOrder()): Promise<Bought> {
    const id = await this.offered(order);
    const attempts: AttemptId[] = [];
    for (let i = 0; i < count; i += 1) {
      const choice = { offer: 1, method: 'wechat/wechat_pay/qr' };
      const { body } = await this.here.post(`/payments/${id}/attempts`, choice, AT_ONCE);
      attempts.push(attemptId(String(body['attemptId'])));
    }
    return { paymentId: id, attempts };
  }

  async paid(count = 1): Promise<Bought> {
    const bought = await this.chosen(count);
    await this.report(this.success(bought));
    await this.is(bought.paymentId, 'paid');
    return bought;
  }

  success({ paymentId: id, attempts }: Bought, { of = 0, amount = AMOUNT } = {}) {
    const about = { paymentId: id, provider: 'wechat', attemptId: at(attempts, of) } as const;
    return anAttemptSucceeded({ ...about, amount, providerRef: aProviderRef() });
  }

  closed({ paymentId: id, attempts }: Bought, of = 0) {
    const about = { paymentId: id, attemptId: at(attempts, of), provider: 'wechat' } as const;
    return anAttemptClosed({ ...about, reason: 'cancelled' });
  }

  failed({ paymentId: id, attempts }: Bought, of = 0) {
    const about = { paymentId: id, attemptId: at(attempts, of), provider: 'wechat' } as const;
    return anAttemptFailed({ ...about, reason: 'declined' });
  }

  /** One report of each kind about a refund. */
  refund(
    { paymentId: id, attempts }: Bought,
    refundId: RefundId,
    { of = 0, amount = AMOUNT } = {},
  ) {
    const attempt = at(attempts, of);
    const about = { paymentId: id, attemptId: attempt, refundId, provider: 'wechat' } as const;
    return {
      pending: aRefundPending(about),
      succeeded: aRefundSucceeded({ ...about, amount, providerRef: aProviderRef() }),
      failed: aRefundFailed({ ...about, reason: 'rejected' }),
    };
  }

  /** Told by the gateway, at the clock's time. */
  async report(event: GatewayReport, id?: EventId): Promise<void> {
    const told = { source: 'wechat-gateway', occurredAt: this.clock.now() } as const;
    await this.world.tell(GATEWAY_REPORTS, event, { ...told, ...(id && { id }) });
  }

  async reportAll(...events: readonly GatewayReport[]): Promise<void> {
    for (const event of events) await this.report(event);
    await this.world.settled();
  }

  async see(id: PaymentId): Promise<Record<string, unknown>> {
    return (await this.there.get(`/payments/${id}`)).body;
  }

  /** Once the payment has come to that status. */
  async is(id: PaymentId, status: string): Promise<Record<string, unknown>> {
    return eventually(
      async () => {
        const seen = await this.see(id);
        return seen['status'] === status ? seen : undefined;
      },
      { what: `a payment that is ${status}` },
    );
  }

  /** Once it looks as it should. */
  async looks(id: PaymentId, like: (seen: Record<string, unknown>) => boolean, what: string) {
    const look = async () => {
      const seen = await this.see(id);
      return like(seen) ? seen : undefined;
    };
    return eventually(look, { what });
  }

  /** What checkout asked of routing about the payment, but for its request and choices. */
  async asked(id: PaymentId, count: number) {
    const first = new Set(['payment.requested', 'payment.method_selected']);
    return eventually(
      async () => {
        const all = (await this.world.eventsOf(CHECKOUT_PAYMENTS, id)).map(({ event }) => event);
        const later = all.filter(({ type }) => !first.has(type));
        return later.length >= count ? later : undefined;
      },
      { what: `${count} requests to routing` },
    );
  }

  async outcomes(id: PaymentId, count: number) {
    return (await this.world.said(PAYMENT_OUTCOMES, id, count)).map(({ event }) => event);
  }

  async typesOf(id: PaymentId, count: number): Promise<string[]> {
    return (await this.outcomes(id, count)).map(({ type }) => type);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.world[Symbol.asyncDispose]();
  }
}

function at<T>(all: readonly T[], index: number): T {
  const one = all[index];
  if (one === undefined) throw new RangeError(`no attempt ${index}`);
  return one;
}
