import {
  brokerRightsOf,
  catalogue,
  lagReadersRights,
  repairersRights,
  MAX_BATCH_BYTES,
  PARKED_MAX_BATCH_BYTES,
  PARKED_RETENTION_DAYS,
  parkedTopic,
  type BrokerRight,
  type Service,
  type TopicSpec,
} from '@hutong/domain-events';

/** The name of the Kafka cluster, as Strimzi's operators look for it. */
export const CLUSTER = 'hutong';
/** Whom the autoscaler is to the broker. */
export const LAG_READER = 'keda';
/** As whom `redrive` and `rewind` come to the broker: no pod has its password. */
export const REPAIRER = 'repairs';

const DAY_MS = 86_400_000;
const labels = {
  'app.kubernetes.io/part-of': 'hutong',
  'strimzi.io/cluster': CLUSTER,
} as const;

type TopicShape = Readonly<{
  name: string;
  partitions: number;
  retentionDays: number;
  maxBatchBytes: number;
}>;

/** Each topic of the catalogue, then what each of its groups sets aside; those share its partitions. */
const shapesOf = (topic: TopicSpec): TopicShape[] => [
  { ...topic, maxBatchBytes: MAX_BATCH_BYTES },
  ...topic.heardBy.map((group) => ({
    name: parkedTopic(topic.name, group),
    partitions: topic.partitions,
    retentionDays: PARKED_RETENTION_DAYS,
    maxBatchBytes: PARKED_MAX_BATCH_BYTES,
  })),
];

/** Every topic as Strimzi's topic operator makes it: three copies, two of which must have a record. */
export const kafkaTopics = () =>
  catalogue.flatMap(shapesOf).map(({ name, partitions, retentionDays, maxBatchBytes }) => ({
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaTopic',
    metadata: { name, labels },
    spec: {
      topicName: name,
      partitions,
      replicas: 3,
      config: {
        'compression.type': 'uncompressed',
        'max.message.bytes': maxBatchBytes,
        'message.timestamp.type': 'LogAppendTime',
        'min.insync.replicas': 2,
        'retention.ms': retentionDays * DAY_MS,
        'unclean.leader.election.enable': false,
      },
    },
  }));

/** A user who logs in by SCRAM-SHA-512 and may do what is listed, to what has exactly these names. */
const userWith = (name: string, rights: readonly BrokerRight[]) => ({
  apiVersion: 'kafka.strimzi.io/v1',
  kind: 'KafkaUser',
  metadata: { name, labels },
  spec: {
    authentication: { type: 'scram-sha-512' },
    authorization: {
      type: 'simple',
      acls: rights.map(({ type, name: of, operations }) => ({
        resource: { type, name: of, patternType: 'literal' },
        operations,
      })),
    },
  },
});

/** @param services those that have manifests. */
export const kafkaUsers = (services: readonly Service[]) => [
  ...services.map((service) => userWith(service, brokerRightsOf(service))),
  userWith(LAG_READER, lagReadersRights(services)),
  userWith(REPAIRER, repairersRights(services)),
];
