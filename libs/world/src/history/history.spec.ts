import { describe, expect, it } from '@jest/globals';
import { decodeEnvelope, encodeEnvelope, methodText } from '@hutong/domain-events';
import { habits, UNIONPAY_LAUNCH } from './habits.js';
import { history } from './history.js';

const asked = { seed: 7, payments: 2_000, until: new Date('2026-11-01T00:00:00+08:00') };
const past = history(asked);
const of = (platform: string) =>
  past.filter(({ event }) => event.payment.platform === platform).map(({ event }) => event);

describe('a history', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(history(asked)).toEqual(past);
    const other = history({ ...asked, seed: 8 });
    const ids = new Set(past.map(({ id }) => id));
    expect(other.filter(({ id }) => ids.has(id))).toEqual([]);
  });

  it('says nothing that the topic would not take, and each thing once', () => {
    for (const one of past) {
      expect(decodeEnvelope(encodeEnvelope(one))).toEqual({ ok: true, value: one });
    }
    expect(new Set(past.map(({ id }) => id)).size).toBe(past.length);
  });

  it('has every habit in it, and none before its day', () => {
    const seen = new Map<string, Date>();
    for (const { event } of past) {
      if (event.type === 'payment.closed') throw new Error('nothing here ends unpaid');
      const { platform, requestedAt } = event.payment;
      const name = `${platform} ${methodText(event.attempt)}`;
      if (requestedAt < (seen.get(name) ?? asked.until)) seen.set(name, requestedAt);
    }
    expect([...seen.keys()].toSorted()).toEqual(
      habits.map(({ platform, method }) => `${platform} ${methodText(method)}`).toSorted(),
    );
    for (const { platform, method, since } of habits) {
      const first = seen.get(`${platform} ${methodText(method)}`);
      expect(first?.getTime()).toBeGreaterThanOrEqual(Date.parse(`${since}T00:00:00+08:00`));
    }
  });

  it('has nobody of UnionPay on Taobao before its launch', () => {
    const launch = new Date(`${UNIONPAY_LAUNCH}T00:00:00+08:00`);
    const before = of('taobao').filter(({ payment }) => payment.requestedAt < launch);
    expect(before.length).toBeGreaterThan(0);
    expect(JSON.stringify(before, bigints)).not.toMatch(/cloud_quickpass|bank_app|unionpay/);
  });

  it('gives back at most what was paid, after it was, and nothing that was not', () => {
    const paid = new Map(
      past.flatMap(({ event }) =>
        event.type === 'payment.paid' ? [[event.paymentId, event]] : [],
      ),
    );
    const refunds = past.flatMap(({ event }) => (event.type === 'payment.refunded' ? event : []));
    expect(refunds.length).toBeGreaterThan(0);
    for (const refund of refunds) {
      const of = paid.get(refund.paymentId);
      expect(of?.amount.minor).toBeGreaterThanOrEqual(refund.amount.minor);
      expect(refund.occurredAt >= (of?.occurredAt ?? asked.until)).toBe(true);
    }
  });

  it('ends before the moment that is not told of any more', () => {
    expect(past.every(({ occurredAt }) => occurredAt < asked.until)).toBe(true);
  });
});

const bigints = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value;
