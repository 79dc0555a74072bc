import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { migrate, RawDatabase } from '@hutong/database';
import {
  decodeEnvelope,
  encodeEnvelope,
  GATEWAY_REPORTS,
  GATEWAY_WECHAT,
  keyOf,
  parkedTopic,
} from '@hutong/domain-events';
import { migrationsOfGateway } from '@hutong/gateway';
import { ensureTopics, TopicProbe } from '@hutong/messaging';
import { createLogger } from '@hutong/telemetry';
import {
  anAttemptRequested,
  anEventId,
  eventually,
  freePorts,
  freshDatabase,
  startOwnBroker,
} from '@hutong/testing';
import { Reaper, ServiceProcess } from '@hutong/world';
import { writeAccount } from './account-files.examples.js';
import { root, startSandbox } from './sandbox-process.examples.js';

const logger = createLogger({ service: 'wechat-gateway', level: 'silent' });
/** Long enough to be killed in; the lease is twice that and five seconds. */
const TIMEOUT_MS = 5_000;
const LEASE_MS = 2 * TIMEOUT_MS + 5_000;

it('sends the same order again after the process that sent it was killed in the call', async () => {
  await using opened = new AsyncDisposableStack();
  const broker = opened.use(await startOwnBroker());
  const database = opened.use(
    await freshDatabase('gateway', (config) => migrate(config, migrationsOfGateway, { logger })),
  );
  const db = opened.use(RawDatabase.connect(database.config, { logger }));
  const { brokers } = broker;
  const names = [GATEWAY_WECHAT, GATEWAY_REPORTS, parkedTopic(GATEWAY_WECHAT, 'wechat-gateway')];
  await ensureTopics({ brokers, partitions: 3, names });
  const probe = opened.use(await TopicProbe.connect({ brokers }));
  const folder = await mkdtemp(join(tmpdir(), 'hutong-killed-'));
  const reaper = opened.use(Reaper.start(folder));
  const sandbox = opened.use(await startSandbox(folder, reaper));
  const accounts = join(folder, 'accounts');
  await mkdir(accounts);
  await writeAccount(accounts, sandbox.portal, { notifyUrl: 'http://127.0.0.1:9999/unheard' });
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, database.config.password.reveal(), { mode: 0o600 });

  const gateway = async (name: string): Promise<ServiceProcess> => {
    const [port = 0, managementPort = 0] = await freePorts(2);
    const env = {
      HOST: '127.0.0.1',
      PORT: `${port}`,
      MANAGEMENT_PORT: `${managementPort}`,
      DATABASE_URL: database.config.url.href,
      DATABASE_PASSWORD_FILE: passwordFile,
      KAFKA_BROKERS: brokers.join(','),
      WECHAT_BASE_URL: sandbox.url.href,
      WECHAT_ACCOUNTS_DIR: accounts,
      WECHAT_TIMEOUT_MS: `${TIMEOUT_MS}`,
    };
    const main = join(root, 'apps/wechat-gateway/dist/main.js');
    const readyUrl = new URL(`http://127.0.0.1:${managementPort}/health/ready`);
    const started = ServiceProcess.start({ name, main, env, readyUrl }, folder, reaper);
    opened.defer(async () => void (await started.stop()));
    await started.ready();
    return started;
  };
  const bodyOf = async (attemptId: string) => {
    const [row] = await db.query<{ prepared_body: Uint8Array; status: string }>(
      'select prepared_body, status from attempts where attempt_id = $1',
      [attemptId],
    );
    return row && { status: row.status, body: Buffer.from(row.prepared_body ?? []).toString() };
  };

  const dying = await gateway('dying');
  const end = new Date(Date.now() + 15 * 60_000);
  const command = anAttemptRequested({ expiresAt: end, notAfter: end });
  const { attemptId, paymentId } = command;
  const held = { fault: 'delay_answer', delayMs: 60_000 };
  await sandbox.arm({ call: 'create', outTradeNo: attemptId, ...held });
  const told = { id: anEventId(), occurredAt: new Date(), sequence: 1, event: command };
  const value = encodeEnvelope({ ...told, source: 'routing' });
  await probe.produce(GATEWAY_WECHAT, { key: keyOf(command), value });
  await eventually(async () => (await sandbox.orders(attemptId)) === 1, { what: 'the order' });
  await dying.kill();
  const sent = await bodyOf(attemptId);
  expect(sent).toEqual({ status: 'submitted', body: expect.stringContaining(attemptId) });

  await gateway('heir');
  await eventually(async () => (await bodyOf(attemptId))?.status === 'awaiting_payer', {
    what: 'an order that is shown',
    withinMs: LEASE_MS + 20_000,
  });
  // WeChat gives a code for the same number only to the same parameters; any other are refused. What
  // was sent is forgotten once it is answered, since it may hold what is known of the payer.
  expect((await bodyOf(attemptId))?.body).toBe('');
  expect(await sandbox.orders(attemptId)).toBe(1);
  const reports = await eventually(
    async () => {
      const records = await probe.records(GATEWAY_REPORTS);
      const own = records.filter(({ key }) => key === paymentId);
      return own.length === 2 && own;
    },
    { what: 'two reports' },
  );
  const types = reports.map(({ value: text }) => {
    const decoded = decodeEnvelope(text ?? '');
    return decoded.ok ? decoded.value.event.type : decoded.refusal.detail;
  });
  expect(types).toEqual(['attempt.unknown', 'attempt.awaiting_payer']);
}, 180_000);
