import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { call, Refused, type AttemptView, type PaymentView, type RefundView } from '@hutong/world';
import type { Counts } from './counts.js';

export type ShopOptions = Readonly<{
  /** Of every process of checkout. */
  addresses: () => readonly URL[];
  apiKey: string;
  counts: Counts;
  signal: AbortSignal;
}>;

const WAIT_SECONDS = 10;
const ANSWERED_WITHIN_MS = 25_000;
/** As platforms do: a request is repeated until it has an answer, for longer than anything is down here. */
const PATIENCE_MS = 240_000;
const AGAIN_AFTER_MS = 400;

/**
 * A platform's server as one has to be written: every request that changes something has a key of its own,
 * and is repeated under that key, whatever happened to it, until it has an answer.
 */
export class Shop {
  private turn = 0;

  constructor(private readonly o: ShopOptions) {}

  /** Asks for one order to be paid. @throws Refused */
  request(order: object): Promise<PaymentView> {
    return this.post('/payments', order);
  }

  /** @throws Refused */
  choose(paymentId: string, offer: number, method: string): Promise<AttemptView> {
    return this.post(`/payments/${paymentId}/attempts`, { offer, method });
  }

  /** @throws Refused */
  close(paymentId: string): Promise<PaymentView> {
    return this.post(`/payments/${paymentId}/close`);
  }

  /** @throws Refused */
  refund(paymentId: string, minor: number): Promise<RefundView> {
    const amount = { currency: 'CNY', minor: `${minor}` };
    return this.post(`/payments/${paymentId}/refunds`, { amount });
  }

  /** The payment as soon as it is so. @returns undefined if it is not within the time. */
  async seeWhen(
    paymentId: string,
    isSo: (seen: PaymentView) => boolean,
    withinMs: number,
  ): Promise<PaymentView | undefined> {
    const until = Date.now() + withinMs;
    for (let wait = ''; ; wait = `?wait=${WAIT_SECONDS}`) {
      const seen = await this.ask<PaymentView>('GET', `/payments/${paymentId}${wait}`, {});
      if (isSo(seen)) return seen;
      if (Date.now() > until) return undefined;
    }
  }

  private post<Answer>(path: string, body?: object): Promise<Answer> {
    return this.ask('POST', path, { body, key: randomUUID() });
  }

  /** @throws Refused for what is refused; Error once the platform has lost its patience. */
  private async ask<Answer>(
    method: 'GET' | 'POST',
    path: string,
    { body, key }: Readonly<{ body?: object | undefined; key?: string }>,
  ): Promise<Answer> {
    const { apiKey, counts, signal } = this.o;
    const headers = {
      authorization: `Bearer ${apiKey}`,
      prefer: `wait=${WAIT_SECONDS}`,
      ...(key !== undefined && { 'idempotency-key': key }),
    };
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      signal.throwIfAborted();
      try {
        const what = { method, path, headers, body, withinMs: ANSWERED_WITHIN_MS };
        return await call<Answer>(this.next(), what);
      } catch (fault) {
        const why = worthRepeating(fault);
        if (why === undefined || Date.now() > until) throw fault;
        counts.add(method === 'GET' ? `asked again: ${why}` : `request repeated: ${why}`);
        await pause(AGAIN_AFTER_MS, undefined, { signal });
      }
    }
  }

  /** One after another, as a load balancer has it. */
  private next(): URL {
    const all = this.o.addresses();
    const chosen = all[this.turn++ % all.length];
    if (chosen === undefined) throw new Error('no checkout runs');
    return chosen;
  }
}

/** Why a request is to be sent once more under its key; undefined if there is no sense in it. */
function worthRepeating(fault: unknown): string | undefined {
  if (!(fault instanceof Refused)) return 'no answer';
  // 408 and 429 are of a machine that is busy, as everything from 500 on.
  if (fault.status >= 500 || [408, 429].includes(fault.status)) return `${fault.status}`;
  return fault.code === 'idempotency_in_progress' ? 'in progress' : undefined;
}
