import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeEnvelope } from '@hutong/domain-events';
import { money } from '@hutong/money';
import {
  anEventId,
  aPaymentAttemptFailed,
  aPaymentPaid,
  CANARIES,
  canariesIn,
  eventually,
  exchange,
  recordsWith,
  requestsWith,
  sqlThatTellsAll,
} from '@hutong/testing';
import { readLedgerConfig } from './ledger.config.js';
import { World } from './world.examples.js';

describe('what nobody may read again', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start('all');
  }, 120_000);
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  }, 60_000);

  /** In the lines since `from`, what is set aside, and the labels of metrics. The ledger tells nothing. */
  async function leaked(from: number): Promise<string[]> {
    const [, management] = world.ports();
    const metrics = await fetch(`http://127.0.0.1:${management}/metrics`);
    const parked = (await world.parkedHeaders()).map((headers) => inspect(ours(headers)));
    return canariesIn([...world.logged.slice(from), ...parked, await metrics.text()].join('\n'));
  }

  it('is in no answer to a bad request, and in nothing that is said of one', async () => {
    const from = world.logged.length;
    const paths = ['/accounts', '/entries', '/volumes', '/reasons', '/adoption/range'];
    const target = { token: world.token, paths, post: '/volumes' };
    for (const [, canary] of CANARIES) {
      const of = encodeURIComponent(canary);
      const asked = ['attempt', 'refund'].map((one) => `/entries?${one}=${of}`);
      for (const path of [...asked, `/volumes?platform=${of}`, `/accounts?kind=${of}`]) {
        const { status, body } = await world.ask(path);
        expect([path, status, ...canariesIn(JSON.stringify(body))]).toEqual([path, 400]);
      }
      for (const request of requestsWith(canary, target)) {
        const back = await exchange(world.ports()[0], request).catch(() => '');
        expect([request, ...canariesIn(back)]).toEqual([request]);
      }
    }
    expect(world.logged.slice(from).length).toBeGreaterThan(CANARIES.length);
    expect(await leaked(from)).toEqual([]);
  });

  it('is in no reason for which an outcome is set aside, and in no line about it', async () => {
    const from = world.logged.length;
    const before = (await world.parkedHeaders()).length;
    let told = 0;
    for (const [, canary] of CANARIES) {
      const { key, envelope } = encoded();
      const headers = { traceparent: canary, [canary]: canary };
      const spoilt = recordsWith(canary, envelope);
      await world.tellRaw(...spoilt.map((text) => ({ key, value: text, headers })));
      await world.tellRaw({ key: canary, value: envelope, headers });
      await world.tell(aPaymentPaid({ amount: money(0n, 'CNY') }));
      told += spoilt.length + 2;
    }
    await world.settled();
    expect((await world.parkedHeaders()).length).toBe(before + told);
    expect(await leaked(from)).toEqual([]);
  }, 60_000);

  it('is in no fault of the database, to an operator or while an outcome is booked', async () => {
    const from = world.logged.length;
    await world.db.query(sqlThatTellsAll('outcome_log'));
    await world.db.query('alter table account rename to account_away');
    await world.tell(aPaymentAttemptFailed());
    await eventually(() => world.logged.slice(from).some((line) => line.includes('"tries":3')), {
      what: 'an event whose key is parked',
    });
    const { status, body } = await world.ask('/accounts?kind=clearing');
    expect([status, canariesIn(JSON.stringify(body))]).toEqual([500, []]);
    await world.db.query('drop trigger tells_all on outcome_log');
    await world.db.query('alter table account_away rename to account');
    expect(world.logged.slice(from).join('')).toContain('"code":"P0001"');
    expect(await leaked(from)).toEqual([]);
  }, 60_000);

  it('is not said where a service cannot start', () => {
    const env = { DATABASE_URL: 'postgresql://ledger:p4ss-canary@db/ledger', ROLE: 'canary' };
    const refused = () => readLedgerConfig({ ...env, TOKENS_FILE: '/canary', PORT: 'canary' });
    expect(refused).toThrow(/DATABASE_URL/);
    expect(refused).not.toThrow(/canary/);
  });
});

/** What the ledger adds; the rest came with the record. */
const ours = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers).filter(([name]) => name.startsWith('dlt.'));

/** A good outcome as it is on the wire. */
function encoded() {
  const event = aPaymentPaid();
  const { occurredAt } = event;
  const told = { id: anEventId(), source: 'checkout', sequence: 1, occurredAt, event } as const;
  return { key: event.paymentId, envelope: encodeEnvelope(told) };
}
