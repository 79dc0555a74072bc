import { randomUUID } from 'node:crypto';
import { eventually } from '@hutong/testing';
import { call } from './call.js';
import type { AttemptView, PaymentView, RefundView } from './checkout-views.js';

/** `unknown` is what a platform does not know of its payer. */
export type Known = 'yes' | 'no' | 'unknown';

/** One order to be paid; what is not said is as in most of the story. */
export type OrderAsked = Readonly<{
  orderReference: string;
  minor: string;
  channel?: 'app' | 'web' | 'mini_program' | 'in_store';
  userId?: string;
  hasBoundCard?: Known;
  hasBalance?: Known;
  expiresAt?: Date;
  /** When it happens in the story; only a ring that tells it takes that. */
  at?: Date | undefined;
}>;

/** Patient: on a machine that has just started everything, an offer may take its time. */
const WAIT_SECONDS = 20;
const ANSWERED_WITHIN_MS = 40_000;

/** What a shopping platform's server does: asks to be paid, chooses for its payer, gives back, looks. */
export class Merchant {
  /**
   * @param traceparent goes with every request, so that all of them are of one trace.
   * @param waitSeconds how long it lets checkout wait for what comes of a request.
   */
  constructor(
    private readonly checkout: URL,
    private readonly apiKey: string,
    private readonly traceparent?: string,
    private readonly waitSeconds = WAIT_SECONDS,
  ) {}

  /** The same merchant, whose requests are all of one trace. */
  inTrace(traceparent: string): Merchant {
    return new Merchant(this.checkout, this.apiKey, traceparent, this.waitSeconds);
  }

  /** The same merchant, with less patience or more. */
  waiting(seconds: number): Merchant {
    return new Merchant(this.checkout, this.apiKey, this.traceparent, seconds);
  }

  /** Asks for one order to be paid and waits for the offer. @throws Refused with checkout's code. */
  request(order: OrderAsked): Promise<PaymentView> {
    const { orderReference, minor, channel = 'web', userId = `demo-${orderReference}` } = order;
    const { hasBoundCard = 'no', hasBalance = 'no', expiresAt, at } = order;
    const body = {
      orderReference,
      merchantId: 'tea-house',
      amount: { currency: 'CNY', minor },
      description: 'Longjing tea, 250 g',
      channel,
      payer: { userId, hasBoundCard, hasBalance },
      ...(expiresAt !== undefined && { expiresAt: expiresAt.toISOString() }),
    };
    return this.post('/payments', body, {
      ...(at !== undefined && { 'x-business-time': at.toISOString() }),
    });
  }

  /** Chooses a method of an offer and waits for what to show the payer. @throws Refused */
  choose(paymentId: string, offer: number, method: string, payer?: object): Promise<AttemptView> {
    const body = { offer, method, ...(payer !== undefined && { payer }) };
    return this.post(`/payments/${paymentId}/attempts`, body);
  }

  /** Gives a part or all of it back. @throws Refused */
  refund(paymentId: string, minor: string): Promise<RefundView> {
    return this.post(`/payments/${paymentId}/refunds`, { amount: { currency: 'CNY', minor } });
  }

  /** Wants no money for it any more; it may come all the same. @throws Refused */
  close(paymentId: string): Promise<PaymentView> {
    return this.post(`/payments/${paymentId}/close`);
  }

  /** The payment as it stands; with `waitSeconds`, as soon as it changes. */
  see(paymentId: string, waitSeconds?: number): Promise<PaymentView> {
    const query = waitSeconds === undefined ? '' : `?wait=${waitSeconds}`;
    return this.ask('GET', `/payments/${paymentId}${query}`);
  }

  /** The payment once its status is `status`. @throws Error if it is not within the time. */
  seeUntil(paymentId: string, status: string, withinMs: number): Promise<PaymentView> {
    return this.seeWhen(paymentId, (seen) => seen.status === status, {
      withinMs,
      what: `to be ${status}`,
    });
  }

  /** The payment once it is so. @throws Error naming what it was to be, and what it is. */
  seeWhen(
    paymentId: string,
    isSo: (seen: PaymentView) => boolean,
    { withinMs, what }: Readonly<{ withinMs: number; what: string }>,
  ): Promise<PaymentView> {
    let status = 'unseen';
    return eventually(
      async () => {
        const seen = await this.see(paymentId, status === 'unseen' ? undefined : 2);
        status = seen.status;
        if (isSo(seen)) return seen;
        throw new Error(`it is ${status}`);
      },
      { withinMs, what: `payment ${paymentId} ${what}` },
    );
  }

  private post<Answer>(path: string, body?: object, headers?: Record<string, string>) {
    return this.ask<Answer>('POST', path, { body, headers });
  }

  private ask<Answer>(
    method: 'GET' | 'POST',
    path: string,
    {
      body,
      headers,
    }: { body?: object | undefined; headers?: Record<string, string> | undefined } = {},
  ): Promise<Answer> {
    const own = {
      authorization: `Bearer ${this.apiKey}`,
      prefer: `wait=${this.waitSeconds}`,
      ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
      ...(this.traceparent !== undefined && { traceparent: this.traceparent }),
      ...headers,
    };
    const withinMs = ANSWERED_WITHIN_MS;
    return call(this.checkout, { method, path, body, headers: own, withinMs });
  }
}
