import { randomUUID } from 'node:crypto';
import type { Provider } from '@hutong/domain-events';
import { pointedAt, type AttemptView, type PaymentView, type Ring } from '@hutong/world';
import { Bookings } from './bookings.js';
import { JsonClient } from './json-client.js';

/** One payment all the way round. Milliseconds; the payer pays as soon as there is something to pay by. */
export type Journey = Readonly<{
  provider: Provider;
  /** `POST /payments` until it is answered with an offer. */
  offerMs: number;
  /** Choosing a method until it is answered with what to show the payer: the provider's order is made. */
  actionMs: number;
  /** From the payer's pressing the button until it is in the ledger: notified, judged, told, booked. */
  bookMs: number;
  /** From the first request until it is in the ledger, with what lies between. */
  wholeMs: number;
}>;

const METHOD: Readonly<Partial<Record<Provider, string>>> = {
  wechat: 'wechat/wechat_pay/qr',
  alipay: 'alipay/alipay/qr',
  unionpay: 'unionpay/cloud_quickpass/qr',
};
/** Nobody gives up where waiting is measured. */
const WAIT_SECONDS = 30;

/** A shop with its payers, and whoever looks into the ledger. */
export class Traveller implements AsyncDisposable {
  private readonly checkout: JsonClient;
  private readonly sandbox: JsonClient;
  private readonly bookings: Bookings;
  private readonly authorization: string;

  /** @param waitSeconds that checkout is asked to wait for an offer, and for something to pay by. */
  constructor(
    ring: Pick<Ring, 'addressesOf' | 'databaseOf' | 'sandbox' | 'apiKey'>,
    private readonly waitSeconds = WAIT_SECONDS,
  ) {
    const [checkout] = ring.addressesOf('checkout');
    if (checkout === undefined) throw new Error('no checkout runs');
    this.checkout = new JsonClient(checkout);
    this.sandbox = new JsonClient(ring.sandbox);
    this.bookings = new Bookings(ring.databaseOf('ledger'));
    this.authorization = `Bearer ${ring.apiKey}`;
  }

  /** @param started when it was due, if not now. @throws Error if it does not get round. */
  async travel(provider: Provider, started = performance.now()): Promise<Journey> {
    const payment = await this.ask<PaymentView>('/payments', order());
    const offered = performance.now();
    const attempt = await this.ask<AttemptView>(`/payments/${payment.paymentId}/attempts`, {
      offer: payment.offer?.number,
      method: METHOD[provider],
    });
    const shown = performance.now();
    const shownOrder = pointedAt(attempt.action ?? {});
    if (shownOrder === undefined) throw new Error(`there is nothing to pay by: ${attempt.status}`);
    const booked = this.bookings.booked(attempt.attemptId);
    booked.catch(() => undefined); // if nobody pays, that is what is said
    await this.sandbox.post({ path: `/control/${provider}/pay`, body: shownOrder.pointer });
    const at = await booked;
    return {
      provider,
      offerMs: offered - started,
      actionMs: shown - offered,
      bookMs: at - shown,
      wholeMs: at - started,
    };
  }

  private ask<Answer>(path: string, body: object): Promise<Answer> {
    const { authorization } = this;
    const prefer = `wait=${this.waitSeconds}`;
    const headers = { authorization, 'idempotency-key': randomUUID(), prefer };
    return this.checkout.post<Answer>({ path, body, headers });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bookings[Symbol.asyncDispose]();
    this.checkout[Symbol.dispose]();
    this.sandbox[Symbol.dispose]();
  }
}

/** Everybody buys once. */
function order(): object {
  const reference = randomUUID();
  return {
    orderReference: reference,
    merchantId: 'tea-house',
    amount: { currency: 'CNY', minor: '4200' },
    description: 'Longjing tea, 250 g',
    channel: 'web',
    payer: { userId: `bench-${reference}`, hasBoundCard: 'no', hasBalance: 'no' },
  };
}
