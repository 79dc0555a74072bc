import { describe, expect, it } from '@jest/globals';
import {
  allTopicNames,
  catalogue,
  INBOX_RETENTION_DAYS,
  MAX_BATCH_BYTES,
  PARKED_RETENTION_DAYS,
  type Service,
} from '@hutong/domain-events';
import { golden, ofKind, the, type Kinds, type Manifest } from './manifests.js';
import { deployedServices, RENDERED } from './repository.js';

const DAY_MS = 86_400_000;
const withKafka = Object.keys(RENDERED).filter(
  (name) => ofKind(golden(name), 'KafkaTopic').length > 0,
);

/** What the broker will have, in the words of the catalogue. */
const topics = (manifests: readonly Manifest[]) =>
  ofKind(manifests, 'KafkaTopic')
    .map(({ metadata, spec }) => ({
      names: [metadata.name, spec.topicName],
      partitions: spec.partitions,
      copies: `${spec.replicas}, ${spec.config['min.insync.replicas']} of them in step`,
      days: Number(spec.config['retention.ms']) / DAY_MS,
      stamped: spec.config['message.timestamp.type'],
      packed: spec.config['compression.type'],
      longest: Number(spec.config['max.message.bytes']),
      lossy: spec.config['unclean.leader.election.enable'],
    }))
    .toSorted((a, b) => (`${a.names[0]}` < `${b.names[0]}` ? -1 : 1));

/** What the catalogue asks for, told apart from the generator on purpose. */
const wanted = allTopicNames()
  .toSorted()
  .map((name) => {
    const parked = name.endsWith('.parked');
    const topic = catalogue.find((one) =>
      parked ? name.startsWith(`${one.name}.`) : name === one.name,
    );
    return {
      names: [name, name],
      partitions: topic?.partitions,
      copies: '3, 2 of them in step',
      days: parked ? PARKED_RETENTION_DAYS : topic?.retentionDays,
      stamped: 'LogAppendTime',
      packed: 'uncompressed',
      longest: MAX_BATCH_BYTES + (parked ? 65_536 : 0),
      lossy: false,
    };
  });

describe("Kafka's topics", () => {
  it.each(withKafka)('are those of the catalogue, in %s', (name) => {
    expect(topics(golden(name))).toEqual(wanted);
  });

  it('keep nothing for longer than an inbox remembers it', () => {
    for (const { days } of topics(golden('all'))) expect(days).toBeLessThan(INBOX_RETENTION_DAYS);
  });

  type Spec = Kinds['KafkaTopic']['spec'];
  type Row = { what: string; change: (spec: Spec, manifests: Manifest[]) => void };
  it.each<Row>([
    { what: 'with other partitions', change: (spec) => (spec.partitions = 12) },
    { what: 'with one copy', change: (spec) => (spec.replicas = 1) },
    { what: 'kept for a day', change: (spec) => (spec.config['retention.ms'] = DAY_MS) },
    { what: 'that may lose records', change: (spec) => delete spec.config['min.insync.replicas'] },
    { what: 'open to other packings', change: (spec) => delete spec.config['compression.type'] },
    { what: 'without a longest record', change: (spec) => delete spec.config['max.message.bytes'] },
    { what: 'under another name', change: (spec) => (spec.topicName = 'reports') },
    { what: 'left out', change: (_, all) => all.splice(all.indexOf(reports(all)), 1) },
  ])('are not when one is $what', ({ change }) => {
    const manifests = golden('all');
    change(reports(manifests).spec, manifests);
    expect(topics(manifests)).not.toEqual(wanted);
  });

  const reports = (manifests: readonly Manifest[]) =>
    the(manifests, 'KafkaTopic', 'gateway.reports');
});

/** Each right as one line: `routing may Read topic checkout.payments`. */
const rights = (manifests: readonly Manifest[]): string[] =>
  ofKind(manifests, 'KafkaUser')
    .flatMap(({ metadata, spec }) =>
      spec.authorization.acls.flatMap(({ resource, operations }) =>
        operations.map(
          (operation) =>
            `${metadata.name} may ${operation} ${resource.patternType} ${resource.type} ${resource.name}`,
        ),
      ),
    )
    .toSorted();

/** What a service needs and no more: `Describe` comes with everything. */
const neededBy = (service: Service): string[] => {
  const may = (operation: string, type: string, name: string) => [
    `${service} may ${operation} literal ${type} ${name}`,
    `${service} may Describe literal ${type} ${name}`,
  ];
  const heard = catalogue.filter(({ heardBy }) => heardBy.includes(service));
  return [
    ...heard.flatMap(({ name }) => may('Read', 'topic', name)),
    ...heard.flatMap(({ name }) => may('Write', 'topic', `${name}.${service}.parked`)),
    ...catalogue
      .filter(({ producedBy }) => producedBy.includes(service))
      .flatMap(({ name }) => may('Write', 'topic', name)),
    ...may('Read', 'group', service),
  ];
};

describe("Kafka's users", () => {
  const services = deployedServices();
  const ofServices = (manifests: readonly Manifest[]) =>
    rights(manifests).filter((right) => !/^(keda|repairs) /.test(right));

  it.each(withKafka)('may do what the catalogue says of them, and no more, in %s', (name) => {
    expect(ofServices(golden(name))).toEqual(services.flatMap(neededBy).toSorted());
  });

  it.each(withKafka)('let the autoscaler look, and touch nothing, in %s', (name) => {
    const manifests = golden(name);
    const looks = rights(manifests).filter((right) => right.startsWith('keda '));
    expect(looks.filter((right) => !right.includes(' may Describe literal '))).toEqual([]);
    for (const { spec } of ofKind(manifests, 'ScaledObject')) {
      for (const { metadata } of spec.triggers) {
        expect(looks).toContain(`keda may Describe literal topic ${metadata['topic']}`);
        expect(looks).toContain(`keda may Describe literal group ${metadata['consumerGroup']}`);
      }
    }
  });

  it.each(withKafka)('let repairs read what was told, and write nothing, in %s', (name) => {
    const repairs = rights(golden(name)).filter((right) => right.startsWith('repairs '));
    expect(repairs.filter((right) => !/ may (Read|Describe) literal /.test(right))).toEqual([]);
    for (const topic of allTopicNames()) {
      expect(repairs).toContain(`repairs may Read literal topic ${topic}`);
    }
    for (const service of services) {
      for (const group of [service, `${service}.redrive`, `${service}.rewind`]) {
        expect(repairs).toContain(`repairs may Read literal group ${group}`);
      }
    }
  });

  const acls = (all: Manifest[]) => the(all, 'KafkaUser', 'ledger').spec.authorization.acls;
  type Row = { what: string; change: (manifests: Manifest[]) => void };
  it.each<Row>([
    {
      what: 'everything by a wildcard',
      change: (all) =>
        acls(all).push({
          resource: { type: 'topic', name: '*', patternType: 'literal' },
          operations: ['Read'],
        }),
    },
    {
      what: 'all topics that begin alike',
      change: (all) => acls(all).forEach(({ resource }) => (resource.patternType = 'prefix')),
    },
    { what: 'too little', change: (all) => acls(all).splice(0, 1) },
    { what: 'more than it needs', change: (all) => acls(all)[0]?.operations.push('Delete') },
  ])('do not when one may do $what', ({ change }) => {
    const manifests = golden('all');
    change(manifests);
    expect(ofServices(manifests)).not.toEqual(services.flatMap(neededBy).toSorted());
  });
});
