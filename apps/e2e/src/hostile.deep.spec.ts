import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, describe } from '@jest/globals';
import { brokerRightsOf, LOCAL_PARTITIONS } from '@hutong/domain-events';
import { ensureTopics, grantRights, TopicProbe } from '@hutong/messaging';
import {
  ADMIN,
  missingForGuardedBroker,
  runWhere,
  startGuardedBroker,
  testDatabase,
  type GuardedBroker,
} from '@hutong/testing';
import {
  ask,
  Merchant,
  Operator,
  Payer,
  RING_SERVICES,
  startRing,
  type Ring,
  type RingService,
} from '@hutong/world';
import { flood, memoryOf, readNothing } from './hostile-clients.examples.js';
import { HOSTILE, sayEverywhere, type Answered } from './hostile-texts.examples.js';
import { firstOf } from './ring-state.examples.js';
import { offered, payAndBook, type Target } from './target.examples.js';

const root = join(import.meta.dirname, '../../..');
const START_WITHIN_MS = 300_000;
const WITHIN_MS = 240_000;
const KIB = 1_024;

const CANARY = 'x'.repeat(60 * KIB);
const FORM = 'application/x-www-form-urlencoded;charset=utf-8';
const form = (fields: Readonly<Record<string, string>>): string =>
  new URLSearchParams({ ...fields, canary: CANARY }).toString();

/** As each provider sends, signed by nobody: so far as one gets who knows that and has no key. */
const FLOODS = [
  {
    service: 'wechat-gateway',
    type: 'application/json',
    body: JSON.stringify({ canary: CANARY }),
  },
  {
    service: 'alipay-gateway',
    type: FORM,
    body: form({ notify_id: '2026', sign_type: 'RSA2', sign: 'AAAA' }),
  },
  {
    service: 'unionpay-gateway',
    type: FORM,
    body: form({ version: '5.1.0', signMethod: '01', signPubKeyCert: 'AAAA', signature: 'AAAA' }),
  },
] as const;

/** Of gateways, so little heap that it is what they keep that makes them grow, and not what nobody collected. */
const nodeArgsOf = (process: string): readonly string[] =>
  process.endsWith('-gateway') ? ['--max-old-space-size=96', '--max-semi-space-size=4'] : [];

/** What each service answers to some of it: a text that got so far, and stayed one. */
const TAKEN: Readonly<Partial<Record<RingService, number>>> = {
  checkout: 201,
  routing: 200,
  ledger: 400,
};
/** By every gateway. */
const UNSIGNED = 401;

runWhere(describe, await missingForGuardedBroker())('the whole system among strangers', () => {
  const started = new AsyncDisposableStack();
  let ring: Ring;
  let target: Target;

  beforeAll(async () => {
    const [broker, { adminUrl }] = await Promise.all([
      startGuardedBroker(RING_SERVICES),
      testDatabase(),
    ]);
    started.use(broker);
    const admin = broker.encryptedAs(ADMIN);
    await ensureTopics({ ...admin, partitions: LOCAL_PARTITIONS });
    await grantRights(admin, new Map(RING_SERVICES.map((one) => [one, brokerRightsOf(one)])));
    const folder = await mkdtemp(join(tmpdir(), 'hutong-logins-'));
    started.defer(() => rm(folder, { recursive: true }));
    const settings = await loginsOf(broker, folder);
    const { brokers, ...brokerAccess } = admin;
    ring = started.use(
      await startRing({ root, brokers, brokerAccess, adminUrl, settings, nodeArgsOf }),
    );
    target = {
      ring,
      probe: started.use(await TopicProbe.connect(admin)),
      merchant: new Merchant(firstOf(ring, 'checkout'), ring.apiKey),
      payer: new Payer(ring.sandbox),
      operator: new Operator(
        { ledger: firstOf(ring, 'ledger'), routing: firstOf(ring, 'routing') },
        ring.token,
      ),
    };
  }, START_WITHIN_MS);
  afterAll(() => started.disposeAsync(), 60_000);

  const processOf = (service: RingService) => {
    const [process] = ring.instancesOf(service);
    if (process === undefined) throw new Error(`no ${service} runs`);
    return process;
  };

  it(
    'goes all the way round with a payment, each service as itself and over TLS',
    async () => {
      const paid = await payAndBook(target, await offered(target));
      expect(paid.status).toBe('paid');
    },
    WITHIN_MS,
  );

  it.each(FLOODS)(
    'takes a flood of unsigned notifications, and keeps next to nothing of it: $service',
    async ({ service, type, body }) => {
      const gateway = processOf(service);
      const url = new URL('/notifications/taobao', firstOf(ring, service));
      const kept = () =>
        ask<{ rows: string; bytes: string }>(
          ring.databaseOf(service),
          `select count(*) as rows, pg_total_relation_size('refused_notifications') as bytes
             from refused_notifications`,
        );
      await flood(url, { type, body, times: 400, atOnce: 40 }); // until its memory is what it stays at
      const [memory, said] = [memoryOf(gateway.pid), gateway.log().length];
      const minute = performance.now() / 60_000;

      const times = 1_000; // 59 MiB
      expect(await flood(url, { type, body, times, atOnce: 40 })).toEqual({ 401: times });

      const minutes = Math.ceil(performance.now() / 60_000 - minute) + 2;
      const [rows] = await kept();
      expect(Number(rows?.rows)).toBeGreaterThan(0);
      expect(Number(rows?.rows)).toBeLessThanOrEqual(10 * minutes);
      expect(Number(rows?.bytes)).toBeLessThan(256 * KIB);
      expect(memoryOf(gateway.pid) - memory).toBeLessThan(48);
      expect((gateway.log().length - said) / times).toBeLessThan(KIB);
      expect(gateway.log()).not.toContain('xxxxxxxx');
    },
    WITHIN_MS,
  );

  it(
    'lets clients read nothing of what they ask for, and others pay meanwhile',
    async () => {
      const checkout = processOf('checkout');
      const url = new URL('/openapi.json', firstOf(ring, 'checkout'));
      const answer = await (await fetch(url)).arrayBuffer();
      const [clients, requests] = [50, 40];
      const memory = memoryOf(checkout.pid);
      const readers = await readNothing(url, { clients, requests });
      try {
        await fetch(url, { signal: AbortSignal.timeout(WITHIN_MS) }); // behind what they asked for first
        expect((await payAndBook(target, await offered(target))).status).toBe('paid');
        const asked = (answer.byteLength * clients * requests) / KIB / KIB;
        expect(asked).toBeGreaterThan(100); // MiB, if it were all made
        expect(memoryOf(checkout.pid) - memory).toBeLessThan(128);
      } finally {
        readers[Symbol.dispose]();
      }
    },
    WITHIN_MS,
  );

  it(
    'takes what looks like a command for a text, in its databases and in its logs',
    async () => {
      const answers: Answered[] = [];
      for (const text of HOSTILE) answers.push(...(await sayEverywhere(ring, text)));
      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
      for (const service of RING_SERVICES) {
        const own = answers.filter((one) => one.service === service).map(({ status }) => status);
        expect([service, own]).toEqual([
          service,
          expect.arrayContaining([TAKEN[service] ?? UNSIGNED]),
        ]);
      }
      expect((await payAndBook(target, await offered(target))).status).toBe('paid');
      for (const service of RING_SERVICES) {
        const lines = processOf(service).log().split('\n');
        expect(lines.filter((line) => /forged|drop table/.test(line))).toEqual([]);
        expect(lines.filter((line) => line !== '' && !isObject(line))).toEqual([]);
      }
    },
    WITHIN_MS,
  );
});

/** Each service's own name and password, and whom all of them know the broker by. */
async function loginsOf(broker: GuardedBroker, folder: string) {
  const authority = join(folder, 'ca.crt');
  await writeFile(authority, broker.authority);
  const logins = RING_SERVICES.map(async (service) => {
    const file = join(folder, service);
    await writeFile(file, broker.passwordOf(service), { mode: 0o600 });
    const login = {
      KAFKA_SASL: 'scram_sha512',
      KAFKA_SASL_USERNAME: service,
      KAFKA_SASL_PASSWORD_FILE: file,
      KAFKA_TLS: 'enable',
      KAFKA_CA_FILE: authority,
    };
    return [service, login] as const;
  });
  return Object.fromEntries(await Promise.all(logins));
}

function isObject(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}
