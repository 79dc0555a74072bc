import { describe, expect, it } from '@jest/globals';
import {
  attemptFailed,
  CHECKOUT_PAYMENTS,
  GATEWAY_REPORTS,
  paymentCloseRequested,
  paymentRequested,
} from '@hutong/domain-events';
import { aCloseRequested, anEventId } from '@hutong/testing';
import { EMPTY, of, throwError } from 'rxjs';
import { done, park } from './disposition.js';
import { answerOf, Handlers, type Handler } from './handlers.js';
import { hears } from './hears.js';
import type { Received } from './received.js';

const handler: Handler = async () => done;
type Added = readonly (readonly [pattern: unknown, extras: unknown])[];
const added = (...all: Added) => {
  const handlers = new Handlers();
  for (const [pattern, extras] of all) handlers.add(pattern, handler, extras);
  return handlers;
};

describe('at boot', () => {
  it('gives several handlers of a topic their own types', () => {
    const handlers = added(
      [CHECKOUT_PAYMENTS, hears(paymentRequested)],
      [CHECKOUT_PAYMENTS, hears(paymentCloseRequested)],
      [GATEWAY_REPORTS, hears(attemptFailed)],
    );
    expect(handlers.topics()).toEqual([CHECKOUT_PAYMENTS, GATEWAY_REPORTS]);
    expect(handlers.for(CHECKOUT_PAYMENTS, 'payment.close_requested')).toBe(handler);
    expect(handlers.for(CHECKOUT_PAYMENTS, 'payment.method_selected')).toBeUndefined();
    expect(handlers.for(GATEWAY_REPORTS, 'payment.requested')).toBeUndefined();
  });

  it.each<[what: string, all: Added, says: string]>([
    ['a topic of nobody', [['checkout.refunds', hears(attemptFailed)]], 'not a topic'],
    ['a pattern that is no text', [[{ cmd: 'pay' }, hears(attemptFailed)]], 'not a topic'],
    ['a handler of everything', [[CHECKOUT_PAYMENTS, {}]], 'says what it hears'],
    ['a handler of nothing', [[CHECKOUT_PAYMENTS, hears()]], 'says what it hears'],
    ['no extras', [[CHECKOUT_PAYMENTS, undefined]], 'says what it hears'],
    [
      'a type of another topic',
      [[CHECKOUT_PAYMENTS, hears(attemptFailed)]],
      'does not carry attempt.failed',
    ],
    [
      'two handlers of a type',
      [
        [CHECKOUT_PAYMENTS, hears(paymentRequested)],
        [CHECKOUT_PAYMENTS, hears(paymentCloseRequested, paymentRequested)],
      ],
      'two handlers hear payment.requested',
    ],
  ])('refuses %s', (_, all, says) => {
    expect(() => added(...all)).toThrow(says);
  });
});

describe('the answer', () => {
  const at = new Date('2026-11-24T08:00:00.000Z');
  const received: Received = {
    event: aCloseRequested(),
    eventId: anEventId(),
    source: 'checkout',
    occurredAt: at,
    appendedAt: at,
    sequence: 1,
    topic: CHECKOUT_PAYMENTS,
    partition: 0,
    offset: 0n,
  };
  const refused = park('not of this ring');

  it.each<[what: string, returned: unknown, answer: unknown]>([
    ['a value', done, done],
    ['an Observable, as behind an interceptor', of(refused), refused],
    ['the last value of an Observable', of(done, refused), refused],
  ])('is %s', async (_, returned, answer) => {
    expect(await answerOf(async () => returned, received)).toEqual(answer);
  });

  it.each<[what: string, returned: unknown]>([
    ['nothing', undefined],
    ['an Observable of nothing', EMPTY],
    ['something else', { status: 'error' }],
  ])('may not be %s: it would pass for handled', async (_, returned) => {
    await expect(answerOf(async () => returned, received)).rejects.toThrow(TypeError);
  });

  it('is the fault itself, if there is one', async () => {
    const fault = new Error('no');
    const failing = answerOf(async () => throwError(() => fault), received);
    await expect(failing).rejects.toBe(fault);
  });
});
