import { randomUUID } from 'node:crypto';

/** A checkout answer as this client uses it; the service's OpenAPI document says it whole. */
export type PaymentView = Readonly<{
  paymentId: string;
  status: string;
  offer?: Readonly<{
    number: number;
    validUntil: string;
    methods: readonly Readonly<{ method: string; label: string }>[];
    refused: readonly Readonly<{ method: string; reasons: readonly string[] }>[];
  }>;
  attempts: readonly AttemptView[];
}>;

export type AttemptView = Readonly<{
  attemptId: string;
  method: string;
  status: string;
  action?: Readonly<{ type: string; content?: string; validUntil: string }>;
}>;

/** Patient: on a machine that has just started everything, an offer may take its time. */
const WAIT_SECONDS = 20;

/** What a shopping platform's server does: asks to be paid, chooses for its payer, looks. */
export class Merchant {
  constructor(
    private readonly checkout: URL,
    private readonly apiKey: string,
  ) {}

  /** Asks for one order to be paid and waits for the offer. */
  request(order: { orderReference: string; minor: string }): Promise<PaymentView> {
    return this.call<PaymentView>('POST', '/payments', {
      orderReference: order.orderReference,
      merchantId: 'tea-house',
      amount: { currency: 'CNY', minor: order.minor },
      description: 'Longjing tea, 250 g',
      channel: 'web',
      payer: { userId: `demo-${order.orderReference}`, hasBoundCard: 'no', hasBalance: 'no' },
    });
  }

  /** Chooses a method of an offer and waits for what to show the payer. */
  choose(paymentId: string, offer: number, method: string): Promise<AttemptView> {
    return this.call<AttemptView>('POST', `/payments/${paymentId}/attempts`, { offer, method });
  }

  /** The payment as it stands; with `waitSeconds`, as soon as it changes. */
  see(paymentId: string, waitSeconds?: number): Promise<PaymentView> {
    const query = waitSeconds === undefined ? '' : `?wait=${waitSeconds}`;
    return this.call<PaymentView>('GET', `/payments/${paymentId}${query}`);
  }

  /** The payment once its status is `status`. @throws Error if it is not within the time. */
  async seeUntil(paymentId: string, status: string, withinMs: number): Promise<PaymentView> {
    const deadline = performance.now() + withinMs;
    let seen = await this.see(paymentId);
    while (seen.status !== status) {
      if (performance.now() > deadline) {
        throw new Error(`payment ${paymentId} is ${seen.status}, not ${status}`);
      }
      seen = await this.see(paymentId, 2);
    }
    return seen;
  }

  private async call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const answer = await fetch(new URL(path, this.checkout), {
      method,
      headers: {
        authorization: `Bearer ${this.apiKey}`,
        prefer: `wait=${WAIT_SECONDS}`,
        ...(body !== undefined && {
          'content-type': 'application/json',
          'idempotency-key': randomUUID(),
        }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(40_000),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text) as Answer;
  }
}
