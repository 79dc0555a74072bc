export type KafkaLayout = Readonly<{
  dataFolder: string;
  brokerPort: number;
  /** `host:port` at which clients are told to find it. */
  advertised: string;
  controllerPort: number;
  clusterId: string;
  directoryId: string;
}>;

const NODE_ID = 1;

/**
 * One node that is broker and controller, on loopback. What is short: the time-outs by which a killed
 * broker started again on its folder is back in 4 to 7 s instead of 15.
 */
export const serverProperties = (k: KafkaLayout): string =>
  lines({
    'process.roles': 'broker,controller',
    'node.id': NODE_ID,
    'controller.quorum.voters': `${NODE_ID}@127.0.0.1:${k.controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${k.brokerPort},CONTROLLER://127.0.0.1:${k.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${k.advertised}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': k.dataFolder,
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'log.cleaner.dedupe.buffer.size': 4_194_304,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'background.threads': 2,
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
    'controller.quorum.election.timeout.ms': 200,
    'controller.quorum.election.backoff.max.ms': 100,
    'controller.quorum.fetch.timeout.ms': 500,
  });

/** What `kafka-storage format` would write; by hand it costs no second JVM. */
export const metaProperties = (k: KafkaLayout): string =>
  lines({
    version: 1,
    'node.id': NODE_ID,
    'cluster.id': k.clusterId,
    'directory.id': k.directoryId,
  });

const lines = (properties: Record<string, string | number | boolean>): string =>
  Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
