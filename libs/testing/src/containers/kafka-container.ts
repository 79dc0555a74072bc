import { randomBytes } from 'node:crypto';
import { GenericContainer, Wait } from 'testcontainers';
import { brokerAnswers, coordinatorAnswers } from '../back-end/kafka-wire.js';
import type { OwnBroker } from '../back-end/servers.js';
import { eventually } from '../eventually.js';
import { freePorts } from '../free-ports.js';
import { containerControls, containerHost } from './container-controls.js';

const INSIDE = 9094;

/**
 * Apache's own image. @throws Error if the engine cannot bring it.
 * @param version its tag.
 * @param advertised `host:port` at which clients are told to find it; its own if nothing is said.
 */
export async function startKafkaContainer(
  version: string,
  advertised?: string,
): Promise<OwnBroker> {
  const [port = 0] = await freePorts(1);
  const host = await containerHost();
  const container = await new GenericContainer(`apache/kafka:${version}`)
    .withExposedPorts({ container: INSIDE, host: port })
    .withEnvironment(environment(advertised ?? `${host}:${port}`))
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .withStartupTimeout(120_000)
    .start();
  const answers = async () =>
    (await brokerAnswers(host, port)) && (await coordinatorAnswers(host, port));
  const controls = await containerControls(container, answers);
  try {
    await eventually(answers, { withinMs: 30_000, what: 'the broker to answer' });
  } catch (cause) {
    await controls[Symbol.asyncDispose]();
    throw cause;
  }
  return { brokers: [`${host}:${port}`], ...controls };
}

/** Setting any of these replaces all of the image's defaults. The broker reaches itself by BROKER. */
const environment = (advertised: string): Record<string, string> => ({
  CLUSTER_ID: randomBytes(16).toString('base64url'),
  KAFKA_NODE_ID: '1',
  KAFKA_PROCESS_ROLES: 'broker,controller',
  KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
  KAFKA_LISTENERS: `HOST://0.0.0.0:${INSIDE},BROKER://0.0.0.0:9092,CONTROLLER://0.0.0.0:9093`,
  KAFKA_ADVERTISED_LISTENERS: `HOST://${advertised},BROKER://localhost:9092`,
  KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'HOST:PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT',
  KAFKA_INTER_BROKER_LISTENER_NAME: 'BROKER',
  KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
  KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
  KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '4',
  KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
  KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
  KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: '1',
  KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
  KAFKA_BROKER_SESSION_TIMEOUT_MS: '3000',
  KAFKA_BROKER_HEARTBEAT_INTERVAL_MS: '500',
});
