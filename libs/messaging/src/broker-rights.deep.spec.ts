import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret, type BrokerConfig } from '@hutong/config';
import {
  allTopicNames,
  brokerRightsOf,
  catalogue,
  lagReadersRights,
  parkedTopics,
  PAYMENT_OUTCOMES,
  repairersRights,
  SERVICES,
  type Service,
} from '@hutong/domain-events';
import { createLogger } from '@hutong/telemetry';
import {
  ADMIN,
  missingForGuardedBroker,
  ownCertificate,
  runWhere,
  startGuardedBroker,
  type GuardedBroker,
} from '@hutong/testing';
import {
  answerOfReading,
  answerTo,
  NO_SUCH_GROUP,
  refusal,
  type Answer,
} from './broker-answers.examples.js';
import { ensureTopics } from './ensure-topics.js';
import { grantRights } from './grant-rights.js';
import { kafkaClient, NO_RETRY, PATIENT, PRODUCER } from './kafka-settings.js';
import { describeRepairs, REPAIRER } from './repairs-rights.examples.js';
import { TopicProbe } from './topic-probe.js';

const WITHIN_MS = 240_000;
/** Whom a catalogue's lag is shown to: as the manifests name their autoscaler's user. */
const LAG_READER = 'keda';
const TOPICS = allTopicNames();
const logger = createLogger({ service: 'rights', level: 'silent' });

runWhere(describe, await missingForGuardedBroker())('a broker that knows its users', () => {
  let broker: GuardedBroker;
  let admin: BrokerConfig;
  /** In PEM: vouches for nobody here. */
  let stranger: string;

  const as = (user: string): BrokerConfig => broker.as(user);

  beforeAll(async () => {
    broker = await startGuardedBroker([...SERVICES, LAG_READER, REPAIRER]);
    stranger = await anotherAuthority();
    admin = as(ADMIN);
    await ensureTopics({ ...admin, partitions: 1 });
    await grantRights(
      admin,
      new Map([
        ...SERVICES.map((service) => [service, brokerRightsOf(service)] as const),
        [LAG_READER, lagReadersRights(SERVICES)],
        [REPAIRER, repairersRights(SERVICES)],
      ]),
    );
    await using probe = await TopicProbe.connect(admin);
    for (const topic of TOPICS) await probe.produce(topic, { value: ADMIN });
  }, WITHIN_MS);
  afterAll(async () => broker[Symbol.asyncDispose](), WITHIN_MS);

  it.each(SERVICES)(
    'lets %s write what the catalogue has it tell, and nothing else',
    async (service) => {
      const producer = kafkaClient(as(service), 'rights', logger, PATIENT).producer(PRODUCER);
      await producer.connect();
      const answers = new Map<string, Answer>();
      for (const topic of TOPICS) {
        answers.set(
          topic,
          await answerTo(() => producer.send({ topic, messages: [{ key: 'k', value: service }] })),
        );
      }
      await producer.disconnect();
      expect(Object.fromEntries(answers)).toEqual(answersFor(toldBy(service), 'TOPIC'));
    },
    WITHIN_MS,
  );

  it.each(SERVICES)(
    'lets %s read what the catalogue has it hear, and nothing else',
    async (service) => {
      const answers = new Map<string, Answer>();
      for (const topic of TOPICS)
        answers.set(topic, await answerOfReading(as(service), service, topic));
      expect(Object.fromEntries(answers)).toEqual(answersFor(heardBy(service), 'TOPIC'));
    },
    WITHIN_MS,
  );

  it.each(SERVICES)(
    'lets %s into its own group, and no other',
    async (service) => {
      const [topic = ''] = heardBy(service);
      const answers = new Map<string, Answer>();
      for (const group of SERVICES)
        answers.set(group, await answerOfReading(as(service), group, topic));
      const refused = Object.fromEntries(SERVICES.map((group) => [group, NO_SUCH_GROUP]));
      expect(Object.fromEntries(answers)).toEqual({ ...refused, [service]: 'done' });
    },
    WITHIN_MS,
  );

  it('holds no outcome of a payment that a gateway tried to write', async () => {
    await using probe = await TopicProbe.connect(admin);
    const written = (await probe.records(PAYMENT_OUTCOMES)).map(({ value }) => value);
    expect(written).toEqual([ADMIN, 'checkout']);
  });

  it('shows the autoscaler how far a group is, and nothing of what it reads', async () => {
    const kafka = kafkaClient(as(LAG_READER), 'rights', logger, PATIENT);
    const looking = kafka.admin();
    await looking.connect();
    const committed = () => looking.fetchOffsets({ groupId: 'ledger', topics: [PAYMENT_OUTCOMES] });
    expect([
      await answerTo(() => looking.fetchTopicOffsets(PAYMENT_OUTCOMES)),
      await answerTo(committed),
      await answerTo(() => looking.deleteGroups(['ledger'])),
      await answerOfReading(as(LAG_READER), 'ledger', PAYMENT_OUTCOMES),
    ]).toEqual(['done', 'done', refusal('GROUP'), refusal('GROUP')]);
    await looking.disconnect();
  });

  type Row = { who: string; access: () => Partial<BrokerConfig>; says: RegExp };
  it.each<Row>([
    { who: 'no name', access: () => ({}), says: /KafkaJSConnection/ },
    {
      who: "another's password",
      access: () => ({
        login: { username: 'checkout', password: () => Secret.of(broker.passwordOf('ledger')) },
      }),
      says: /KafkaJSSASLAuthenticationError/,
    },
    {
      who: 'a name of nobody',
      access: () => ({ login: { username: 'nobody', password: () => Secret.of('nothing') } }),
      says: /KafkaJSSASLAuthenticationError/,
    },
  ])('lets nobody in with $who', async ({ access, says }) => {
    expect(await answerOfEntering({ brokers: broker.brokers, ...access() })).toMatch(says);
  });

  it('takes a password that was replaced in its file, from the next connection on', async () => {
    let password = 'the last one';
    const login = { username: 'checkout', password: () => Secret.of(password) };
    const kafka = kafkaClient({ brokers: broker.brokers, login }, 'rights', logger, NO_RETRY);
    const connect = async () => {
      const one = kafka.admin();
      await one.connect();
      await one.disconnect();
    };
    const before = await answerTo(connect);
    password = broker.passwordOf('checkout');
    expect([before, await answerTo(connect)]).toEqual(['KafkaJSSASLAuthenticationError', 'done']);
  });

  describeRepairs(() => broker);

  describe('over TLS', () => {
    const encrypted = (authorities: string | undefined): BrokerConfig => ({
      ...broker.encryptedAs('checkout'),
      tls: { authorities: () => authorities },
    });

    it('is spoken to by whoever knows its authority', async () => {
      expect(await answerOfEntering(encrypted(broker.authority))).toBe('done');
    });

    it.each<{ what: string; access: () => BrokerConfig }>([
      { what: "no authority but Node's own", access: () => encrypted(undefined) },
      { what: 'the authority of another', access: () => encrypted(stranger) },
      {
        what: 'plain text',
        access: () => ({ ...as('checkout'), brokers: broker.encrypted }),
      },
    ])('is not, with $what', async ({ access }) => {
      expect(await answerOfEntering(access())).toMatch(/KafkaJSConnection/);
    });
  });

  const answerOfEntering = (access: BrokerConfig): Promise<Answer> =>
    answerTo(async () => {
      const entering = kafkaClient(access, 'rights', logger, NO_RETRY).admin();
      try {
        await entering.connect();
        await entering.listTopics();
      } finally {
        await entering.disconnect();
      }
    });
});

async function anotherAuthority(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hutong-authority-'));
  try {
    return (await ownCertificate(folder)).authority;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const toldBy = (service: Service): string[] => [
  ...catalogue.filter(({ producedBy }) => producedBy.includes(service)).map(({ name }) => name),
  ...parkedTopics()
    .filter(({ group }) => group === service)
    .map(({ name }) => name),
];

const heardBy = (service: Service): string[] =>
  catalogue.filter((topic) => topic.heardBy.includes(service)).map(({ name }) => name);

const answersFor = (allowed: readonly string[], of: 'TOPIC' | 'GROUP') =>
  Object.fromEntries(TOPICS.map((name) => [name, allowed.includes(name) ? 'done' : refusal(of)]));
