import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CHECKOUT_PAYMENTS,
  encodeEnvelope,
  GATEWAY_REPORTS,
  ROUTING_DECISIONS,
} from '@hutong/domain-events';
import {
  aMethodSelected,
  anAttemptFailed,
  anEventId,
  aPaymentRequested,
  CANARIES,
  canariesIn,
  eventually,
  exchange,
  recordsWith,
  requestsWith,
  sqlThatTellsAll,
} from '@hutong/testing';
import { readRoutingConfig } from './routing.config.js';
import { OPERATOR, SWITCHER, World } from './world.examples.js';

describe('what nobody may read again', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start('all');
  }, 120_000);
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  }, 60_000);

  /** In the lines since `from`, what is told and set aside, and the labels of metrics. */
  async function leaked(from: number): Promise<string[]> {
    const seen = [
      world.logged.slice(from),
      await world.told(),
      (await world.parkedHeaders()).map((headers) => inspect(ours(headers))),
      await (await world.management('/metrics')).text(),
    ];
    return seen.flatMap((texts) => canariesIn([texts].flat().join('\n')));
  }

  it('is in no answer to a bad request, and in nothing that is said of one', async () => {
    const from = world.logged.length;
    const target = { token: SWITCHER, paths: ['/decisions', '/switches'], post: '/switches' };
    for (const [, canary] of CANARIES) {
      for (const request of requestsWith(canary, target)) {
        const back = await exchange(world.ports()[0], request).catch(() => '');
        expect([request, ...canariesIn(back)]).toEqual([request]);
      }
    }
    expect(world.logged.slice(from).length).toBeGreaterThan(CANARIES.length);
    expect(await leaked(from)).toEqual([]);
  });

  it('is in no reason for which an event is set aside, and in no line about it', async () => {
    const from = world.logged.length;
    const before = (await world.parkedHeaders()).length;
    let told = 0;
    for (const [, canary] of CANARIES) {
      const { key, envelope } = encoded();
      const spoilt = recordsWith(canary, envelope);
      const headers = { traceparent: canary, [canary]: canary };
      for (const topic of [CHECKOUT_PAYMENTS, GATEWAY_REPORTS] as const) {
        const records = spoilt.map((text) => ({ key, value: text, headers }));
        await world.tellRaw(topic, ...records, { key: canary, value: envelope });
        told += spoilt.length + 1;
      }
      const unheard = aMethodSelected({ returnUrl: `https://x.example/${encodeURI(canary)}` });
      await world.tell(CHECKOUT_PAYMENTS, unheard);
      await world.tell(GATEWAY_REPORTS, anAttemptFailed({ provider: 'wechat' }));
      told += 2;
    }
    await world.settled();
    expect((await world.parkedHeaders()).length).toBe(before + told);
    expect(await leaked(from)).toEqual([]);
  }, 60_000);

  it('is in no fault of the database, to an operator or while an event is heard', async () => {
    const from = world.logged.length;
    const payment = aPaymentRequested({
      requestedAt: world.clock.now(),
      expiresAt: world.after(15),
      description: 'paid by 13800138000',
    });
    await world.db.query(sqlThatTellsAll('payment'));
    await world.db.query('alter table switch_turn rename to switch_turn_away');
    await world.tell(CHECKOUT_PAYMENTS, payment);
    await eventually(() => world.logged.slice(from).some((line) => line.includes('"tries":3')), {
      what: 'an event whose key is parked',
    });
    const answer = await world.get('/switches', OPERATOR);
    expect([answer.status, canariesIn(await answer.text())]).toEqual([500, []]);
    await world.db.query('drop trigger tells_all on payment');
    await world.db.query('alter table switch_turn_away rename to switch_turn');
    world.clock.advance(3_000);
    await world.said(ROUTING_DECISIONS, payment.paymentId, 1);
    expect(world.logged.slice(from).join('')).toContain('"code":"42P01"');
    expect(await leaked(from)).toEqual([]);
  }, 60_000);

  it('is not said where a service cannot start', () => {
    const env = { DATABASE_URL: 'postgresql://routing:p4ss-canary@db/routing', ROLE: 'canary' };
    const refused = () => readRoutingConfig({ ...env, TOKENS_FILE: '/canary', PORT: 'canary' });
    expect(refused).toThrow(/DATABASE_URL/);
    expect(refused).not.toThrow(/canary/);
  });
});

/** What routing adds; the rest came with the record. */
const ours = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers).filter(([name]) => name.startsWith('dlt.'));

/** A good event as it is on the wire. */
function encoded() {
  const event = aPaymentRequested();
  const told = { id: anEventId(), source: 'checkout', sequence: 1, event } as const;
  const envelope = encodeEnvelope({ ...told, occurredAt: event.requestedAt });
  return { key: event.paymentId, envelope };
}
