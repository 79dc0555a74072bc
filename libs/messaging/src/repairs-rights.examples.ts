import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RawDatabase } from '@hutong/database';
import {
  allTopicNames,
  CHECKOUT_PAYMENTS,
  type PaymentId,
  type Service,
} from '@hutong/domain-events';
import type { Result } from '@hutong/result';
import {
  ADMIN,
  aCloseRequested,
  anEventId,
  aPaymentId,
  eventually,
  type FreshDatabase,
  type GuardedBroker,
} from '@hutong/testing';
import kafkajs, { type AclFilter } from 'kafkajs';
import { answerOfReading, answerTo, NO_SUCH_GROUP, refusal } from './broker-answers.examples.js';
import { park } from './disposition.js';
import { kafkaClient, PATIENT, PRODUCER } from './kafka-settings.js';
import { startListener, type Listener } from './listener.examples.js';
import { messagingMigrations } from './migrations.js';
import { readRedriveArguments } from './redrive/redrive-arguments.js';
import { runRedrive, type CommandSurroundings } from './redrive/redrive-command.js';
import { readRewindArguments, runRewind } from './rewind/rewind-command.js';
import { TopicProbe } from './topic-probe.js';
import { aDatabase, aRecord, PARKED, QUICK, silent } from './world.examples.js';

/** As the manifests name whoever comes for these commands. */
export const REPAIRER = 'repairs';

const WITHIN_MS = 240_000;
const SERVICE: Service = 'routing';

const ANY_ACL: AclFilter = {
  resourceType: kafkajs.AclResourceTypes.ANY,
  resourcePatternType: kafkajs.ResourcePatternTypes.ANY,
  operation: kafkajs.AclOperationTypes.ANY,
  permissionType: kafkajs.AclPermissionTypes.ANY,
};

/** On a broker where this user has its rights, and every topic a record. */
export function describeRepairs(broker: () => GuardedBroker): void {
  describe('whoever comes for redrive and rewind', () => {
    const running = new AsyncDisposableStack();
    let database: FreshDatabase;
    let db: RawDatabase;
    let folder: string;
    let listener: Listener;
    /** Whether the service refuses what it hears. */
    let isTroubled = false;

    beforeAll(async () => {
      database = running.use(await aDatabase());
      db = RawDatabase.connect(database.config, { logger: silent });
      running.defer(() => db.close());
      folder = await mkdtemp(join(tmpdir(), 'hutong-repairs-'));
      running.defer(() => rm(folder, { recursive: true }));
      await listen();
      running.defer(() => listener.stop());
    }, WITHIN_MS);
    afterAll(() => running.disposeAsync(), WITHIN_MS);

    it(
      'reads every topic, in groups of the commands and of services',
      async () => {
        const access = broker().as(REPAIRER);
        for (const topic of allTopicNames()) {
          expect([topic, await answerOfReading(access, 'ledger.rewind', topic)]).toEqual([
            topic,
            'done',
          ]);
        }
        const groups = ['ledger', 'ledger.redrive', REPAIRER, 'ledger.other'];
        const answers: string[] = [];
        for (const group of groups) {
          answers.push(await answerOfReading(access, group, 'payment.outcomes'));
        }
        expect(answers).toEqual(['done', 'done', NO_SUCH_GROUP, NO_SUCH_GROUP]);
      },
      WITHIN_MS,
    );

    it(
      'writes no topic, and makes, empties and ends nothing',
      async () => {
        const kafka = kafkaClient(broker().as(REPAIRER), 'rights', silent, PATIENT);
        const [producer, admin] = [kafka.producer(PRODUCER), kafka.admin()];
        await Promise.all([producer.connect(), admin.connect()]);
        const writing: string[] = [];
        for (const topic of allTopicNames()) {
          writing.push(await answerTo(() => producer.send({ topic, messages: [{ value: '' }] })));
        }
        expect(new Set(writing)).toEqual(new Set([refusal('TOPIC')]));
        const emptied = { topic: CHECKOUT_PAYMENTS, partitions: [{ partition: 0, offset: '1' }] };
        expect([
          await answerTo(() => admin.createTopics({ topics: [{ topic: 'another' }] })),
          await answerTo(() => admin.deleteTopics({ topics: [CHECKOUT_PAYMENTS] })),
          await answerTo(() => admin.deleteTopicRecords(emptied)),
          await answerTo(() => admin.deleteGroups([SERVICE])),
          await answerTo(() => admin.describeAcls(ANY_ACL)),
        ]).toEqual([
          refusal('TOPIC'),
          refusal('TOPIC'),
          'KafkaJSDeleteTopicRecordsError', // with the broker's word for each partition
          refusal('GROUP'),
          refusal('CLUSTER'),
        ]);
        await Promise.all([producer.disconnect(), admin.disconnect()]);
      },
      WITHIN_MS,
    );

    it(
      'puts back what was parked, which the service itself may not',
      async () => {
        isTroubled = true;
        const paymentId = await told();
        await eventually(async () => (await parked()).includes(paymentId), {
          withinMs: WITHIN_MS,
          what: 'a parked record',
        });
        isTroubled = false;
        const args = ['--topic', CHECKOUT_PAYMENTS, '--key', paymentId];
        expect(await answerTo(() => redrive(SERVICE, args))).toBe(NO_SUCH_GROUP);
        expect(await redrive(REPAIRER, args)).toContainEqual(
          expect.stringContaining('can be put back'),
        );
        expect(await effectsOf(paymentId)).toBe(0);

        const applied = await redrive(REPAIRER, [...args, '--apply', '--by', 'wang']);

        expect(applied).toContainEqual(expect.stringContaining('is dealt with'));
        expect(await effectsOf(paymentId)).toBe(1);
      },
      WITHIN_MS,
    );

    it(
      'takes a stopped group back, and reads what is recalled, which the service itself may not',
      async () => {
        const to = new Date();
        const paymentId = await told();
        await eventually(async () => (await effectsOf(paymentId)) === 1, {
          withinMs: WITHIN_MS,
          what: 'the effect of what was told',
        });
        await listener.stop(); // it leaves its group, and commits what it has heard
        await db.query('delete from inbox where received_at > $1', [to]);
        await db.query('delete from effects where payment_id = $1', [paymentId]);
        const look = ['--to', to.toISOString(), '--margin', '60'];
        const args = [...look, '--apply', '--by', 'wang'];
        // Where its own group stands a service may see.
        expect(await answerTo(() => rewind(SERVICE, look))).toBe('done');
        expect(await answerTo(() => rewind(SERVICE, args))).toBe(NO_SUCH_GROUP);
        const before = await committed();

        const lines = await rewind(REPAIRER, args);

        expect(lines).toContainEqual(
          expect.stringMatching(/the log has \d+ events told and [1-9]/),
        );
        expect(await committed()).toBeLessThan(before);
        await listen();
        await eventually(async () => (await effectsOf(paymentId)) === 1, {
          withinMs: WITHIN_MS,
          what: 'the effect once more',
        });
      },
      WITHIN_MS,
    );

    async function listen(): Promise<void> {
      listener = await startListener('worker', {
        instance: 'one',
        kafka: { ...broker().as(SERVICE), timing: QUICK },
        config: database.config,
        logger: silent,
        before: async () => Promise.resolve(isTroubled ? park('its cause is there') : undefined),
      });
    }

    /** One event of a payment, by its teller. */
    async function told(): Promise<PaymentId> {
      const paymentId = aPaymentId();
      await using teller = await TopicProbe.connect(broker().as('checkout'));
      await teller.produce(CHECKOUT_PAYMENTS, aRecord(aCloseRequested({ paymentId }), anEventId()));
      return paymentId;
    }

    async function parked() {
      await using probe = await TopicProbe.connect(broker().as(ADMIN));
      return (await probe.records(PARKED)).map(({ key }) => key);
    }

    /** How far the group has heard of its topic, all partitions together. */
    async function committed(): Promise<bigint> {
      await using probe = await TopicProbe.connect(broker().as(ADMIN));
      const offsets = await probe.offsets(CHECKOUT_PAYMENTS, SERVICE);
      return offsets.reduce((sum, { committed: own }) => sum + own, 0n);
    }

    const effectsOf = async (paymentId: PaymentId) =>
      (await db.query('select 1 from effects where payment_id = $1', [paymentId])).length;

    const redrive = (user: string, args: readonly string[]) =>
      saidBy(user, (around) => runRedrive(asked(readRedriveArguments(SERVICE, args)), around));

    const rewind = (user: string, args: readonly string[]) =>
      saidBy(user, (around) =>
        runRewind(asked(readRewindArguments(args)), around, () => Promise.resolve([])),
      );

    /** What a command says in the environment of a pod that has this user's password. */
    async function saidBy(
      user: string,
      command: (around: CommandSurroundings) => Promise<unknown>,
    ): Promise<string[]> {
      const lines: string[] = [];
      const print = (line: string) => void lines.push(line);
      const env = await environmentOf(user);
      await command({ service: SERVICE, migrations: [messagingMigrations], env, print });
      return lines;
    }

    async function environmentOf(user: string): Promise<NodeJS.ProcessEnv> {
      const { url, password } = database.config;
      const file = async (name: string, text: string) => {
        await writeFile(join(folder, name), text, { mode: 0o600 });
        return join(folder, name);
      };
      return {
        DATABASE_URL: url.href,
        DATABASE_PASSWORD_FILE: await file('database.password', password.reveal()),
        KAFKA_BROKERS: broker().encrypted.join(),
        KAFKA_SASL: 'scram_sha512',
        KAFKA_SASL_USERNAME: user,
        KAFKA_SASL_PASSWORD_FILE: await file(`${user}.password`, broker().passwordOf(user)),
        KAFKA_TLS: 'enable',
        KAFKA_CA_FILE: await file('ca.crt', broker().authority),
      };
    }
  });
}

function asked<T>(read: Result<T, string>): T {
  if (!read.ok) throw new Error(read.refusal);
  return read.value;
}
