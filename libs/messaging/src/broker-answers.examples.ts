import type { BrokerConfig } from '@hutong/config';
import { createLogger } from '@hutong/telemetry';
import kafkajs, { type Consumer } from 'kafkajs';
import { consumerConfig, kafkaClient, PATIENT } from './kafka-settings.js';
import { within } from './wait.js';

/** `done`, or in the broker's word why not. */
export type Answer = string;

export const refusal = (of: 'TOPIC' | 'GROUP' | 'CLUSTER'): Answer => `${of}_AUTHORIZATION_FAILED`;

/** kafkajs keeps the broker's word to itself here: whoever may not see a group is told of none. */
export const NO_SUCH_GROUP: Answer = 'KafkaJSGroupCoordinatorNotFound';

export async function answerTo(ask: () => Promise<unknown>): Promise<Answer> {
  try {
    await ask();
    return 'done';
  } catch (cause) {
    return reasonOf(cause);
  }
}

/** kafkajs wraps what the broker said, once or twice. */
function reasonOf(fault: unknown): Answer {
  if (fault instanceof kafkajs.KafkaJSProtocolError) return fault.type;
  if (fault instanceof kafkajs.KafkaJSDeleteGroupsError) return reasonOf(fault.groups[0]?.error);
  if (fault instanceof kafkajs.KafkaJSAggregateError) return reasonOf(fault.errors[0]);
  if (fault instanceof Error && fault.cause instanceof Error) return reasonOf(fault.cause);
  if (fault instanceof Error) return fault.name;
  throw fault;
}

const ARRIVES_WITHIN_MS = 60_000;
const timing = { maxWaitMs: 100, heartbeatMs: 500, sessionMs: 6_000 };
const logger = createLogger({ service: 'rights', level: 'silent' });

/** Asks for a record of the topic as one of the group: there is one in each. */
export async function answerOfReading(
  access: BrokerConfig,
  group: string,
  topic: string,
): Promise<Answer> {
  const settings = { ...access, timing };
  const consumer = kafkaClient(settings, 'rights', logger, PATIENT).consumer(
    consumerConfig(settings, group),
  );
  try {
    return await answerTo(() => firstOf(consumer, topic));
  } finally {
    await consumer.disconnect();
  }
}

/** Resolves with a record's arrival. @throws what the consumer crashed of, or Error where nothing comes. */
async function firstOf(consumer: Consumer, topic: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) reject(payload.error);
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async () => {
      resolve();
      await Promise.resolve();
    },
  });
  if (!(await within(ARRIVES_WITHIN_MS, promise))) throw new Error('nothing came');
}
