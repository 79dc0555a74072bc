import { catalogue, LOCAL_PARTITIONS, parkedTopics } from '@hutong/domain-events';
import type { TopicShape } from '@hutong/messaging';
import { ofKind, type Manifest } from '../k8s/manifests.js';

const DAY_MS = 86_400_000;

/** Every topic as the catalogue has it, parked ones included. */
export const inCatalogue = (): TopicShape[] =>
  [...catalogue, ...parkedTopics()].map(({ name, partitions, retentionDays }) => ({
    name,
    partitions,
    retentionMs: retentionDays * DAY_MS,
  }));

/** The same on a laptop and in specs. */
export const onALaptop = (): TopicShape[] =>
  inCatalogue().map((topic) => ({ ...topic, partitions: LOCAL_PARTITIONS }));

/** As Strimzi's topic operator will make them. */
export const inManifests = (manifests: readonly Manifest[]): TopicShape[] =>
  ofKind(manifests, 'KafkaTopic').map(({ spec }) => ({
    name: spec.topicName,
    partitions: spec.partitions,
    retentionMs: Number(spec.config['retention.ms']),
  }));

/** What of an AsyncAPI document is about Kafka's topics. */
export type Channels = Readonly<{
  channels: Readonly<
    Record<
      string,
      {
        address: string;
        bindings: {
          kafka: { partitions: number; topicConfiguration: { 'retention.ms': number } };
        };
        'x-written-by': string[];
        'x-heard-by': string[];
      }
    >
  >;
}>;

/** As the published document has them. */
export const inAsyncApi = ({ channels }: Channels): TopicShape[] =>
  Object.values(channels).map(({ address, bindings: { kafka } }) => ({
    name: address,
    partitions: kafka.partitions,
    retentionMs: kafka.topicConfiguration['retention.ms'],
  }));

/** Where `found` is not as `wanted`, topic by topic. */
export function differing(found: readonly TopicShape[], wanted: readonly TopicShape[]): string[] {
  const [own, theirs] = [byName(found), byName(wanted)];
  return [...new Set([...own.keys(), ...theirs.keys()])].toSorted().flatMap((name) => {
    const [is, should] = [own.get(name), theirs.get(name)];
    return is === should
      ? []
      : [`${name}: ${is ?? 'is not there'}, not ${should ?? 'there at all'}`];
  });
}

const byName = (topics: readonly TopicShape[]): Map<string, string> =>
  new Map(
    topics.map(({ name, partitions, retentionMs }) => [
      name,
      `${partitions} partitions for ${retentionMs / DAY_MS} days`,
    ]),
  );
