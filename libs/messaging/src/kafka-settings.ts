import type { ConnectionOptions } from 'node:tls';
import {
  Kafka,
  logLevel,
  Partitioners,
  type ConsumerConfig,
  type LogEntry,
  type ProducerConfig,
  type KafkaConfig,
  type RetryOptions,
} from 'kafkajs';
import type { BrokerConfig, BrokerLogin, BrokerTls } from '@hutong/config';
import type { Logger } from '@hutong/telemetry';

/** How patient a client is; the values in production are `PRODUCTION_TIMING`, tests scale them down. */
export type KafkaTiming = Readonly<{
  heartbeatMs: number;
  sessionMs: number;
  /** At least twice the longest batch: so long may members take to come back in a rebalance. */
  rebalanceMs: number;
  requestTimeoutMs: number;
  connectionTimeoutMs: number;
  /** How long a fetch waits for data, and so how long leaving a group can take. */
  maxWaitMs: number;
}>;

export const PRODUCTION_TIMING: KafkaTiming = {
  heartbeatMs: 3_000,
  sessionMs: 30_000,
  rebalanceMs: 60_000,
  requestTimeoutMs: 30_000,
  connectionTimeoutMs: 5_000,
  maxWaitMs: 500,
};

/** Where the broker is, who we are to it, and which part of it is ours. */
export type KafkaSettings = BrokerConfig &
  Readonly<{
    /** Goes before every topic and group with a dot: several rings on one broker do not meet. */
    namespace?: string | undefined;
    timing?: Partial<KafkaTiming>;
  }>;

export const timingOf = (settings: KafkaSettings): KafkaTiming => ({
  ...PRODUCTION_TIMING,
  ...settings.timing,
});

/** The broker's name of a topic or group. */
export const physical = (settings: Pick<KafkaSettings, 'namespace'>, name: string): string =>
  settings.namespace === undefined ? name : `${settings.namespace}.${name}`;

/** Short steps: kafkajs' own back-off adds five seconds to the recovery after a broker's restart. */
export const PATIENT: RetryOptions = { initialRetryTime: 100, maxRetryTime: 500, retries: 60 };
/** For producers: the one that was rejected is thrown away, so it must not retry by itself. */
export const NO_RETRY: RetryOptions = { initialRetryTime: 100, maxRetryTime: 500, retries: 0 };

/** A pod's memory for records: per partition and in all. */
const MAX_BYTES_PER_PARTITION = 512 * 1024;
const MAX_BYTES = 8 * 1024 * 1024;

export function consumerConfig(settings: KafkaSettings, group: string): ConsumerConfig {
  const { sessionMs, heartbeatMs, rebalanceMs, maxWaitMs } = timingOf(settings);
  return {
    groupId: physical(settings, group),
    sessionTimeout: sessionMs,
    heartbeatInterval: heartbeatMs,
    rebalanceTimeout: rebalanceMs,
    maxWaitTimeInMs: maxWaitMs,
    minBytes: 1,
    maxBytes: MAX_BYTES,
    maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
    metadataMaxAge: 60_000,
    allowAutoTopicCreation: false,
    retry: PATIENT,
  };
}

export const PRODUCER: ProducerConfig = {
  // Sequence numbers of kafkajs survive a rejected send and then acknowledge what was not written.
  idempotent: false,
  maxInFlightRequests: 1,
  allowAutoTopicCreation: false,
  metadataMaxAge: 60_000,
  createPartitioner: Partitioners.DefaultPartitioner,
};

export function kafkaClient(
  settings: KafkaSettings,
  clientId: string,
  logger: Logger,
  retry: RetryOptions,
): Kafka {
  const timing = timingOf(settings);
  return new Kafka({
    clientId,
    brokers: [...settings.brokers],
    requestTimeout: timing.requestTimeoutMs,
    connectionTimeout: timing.connectionTimeoutMs,
    retry,
    ...(settings.login && { sasl: saslOf(settings.login) }),
    ...(settings.tls && { ssl: sslOf(settings.tls) }),
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => say(logger, entry),
  });
}

/** kafkajs reads the password whenever it connects, and so does this. */
export const saslOf = ({ username, password }: BrokerLogin): NonNullable<KafkaConfig['sasl']> => ({
  mechanism: 'scram-sha-512',
  username,
  get password() {
    return password().reveal();
  },
});

/** kafkajs copies these to every connection that it opens. */
export const sslOf = ({ authorities }: BrokerTls): ConnectionOptions => ({
  get ca() {
    return authorities();
  },
});

/**
 * kafkajs' words without digits: its messages quote addresses, offsets and member ids. A broker's
 * answer with an error code in it is a warning: whoever asked gets it too, and either asks again, as
 * after a rebalance or while a topic comes up, or fails and says so.
 */
function say(logger: Logger, { namespace, level, log }: LogEntry): void {
  const reason = log.message.replaceAll(/[^A-Za-z,]+/g, ' ').slice(0, 120);
  const fields = { component: `kafkajs ${namespace}`, reason };
  const answered = namespace === 'Connection' && log.message.startsWith('Response ');
  if (level === logLevel.ERROR && !answered) logger.error('kafka client error', fields);
  else logger.warn('kafka client warning', fields);
}
