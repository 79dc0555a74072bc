import {
  catalogue,
  CONTENT_TYPE,
  definitions,
  describeEnvelope,
  describeWire,
  INBOX_RETENTION_DAYS,
  LOCAL_PARTITIONS,
  parkedTopics,
  type DomainEvent,
  type Service,
  type TopicSpec,
  type WireField,
} from '@hutong/domain-events';
import { table } from './markdown.js';
import { typeName, type TypeDoc } from './type-docs.js';

/**
 * `docs/events.md`: every topic, event and field, from the catalogue, the wire classes and the
 * docstrings of the code.
 * @param typeNamed the docstrings of libs/domain-events.
 * @throws Error naming a field that has no shape or no meaning.
 */
export function eventsPage(typeNamed: (name: string) => TypeDoc): string {
  return [
    INTRODUCTION,
    '## Topics',
    table(
      ['topic', 'says', 'written by', 'heard by', 'key', 'partitions', 'kept'],
      catalogue.map(topicRow),
    ),
    RULES,
    '### Parked records',
    'What a consumer group cannot handle is parked with its reason and waits to be redriven: on a topic of that group, in the partition that it came from.',
    table(
      ['topic', 'written and redriven by', 'partitions', 'kept'],
      parkedTopics().map((topic) => [
        code(topic.name),
        topic.group,
        `${topic.partitions}`,
        days(topic.retentionDays),
      ]),
    ),
    '## Every record',
    `CloudEvents 1.0 in structured JSON, header \`content-type: ${CONTENT_TYPE}\`; the header \`traceparent\` carries the trace. The record's key is the event's \`subject\`. At most 1 MiB.`,
    fieldTable(describeEnvelope(), typeNamed('WireEnvelope')),
    '### Money',
    `${typeNamed('WireMoney').about} Never a float, never negative, never without its currency.`,
    fieldTable(moneyFields(), typeNamed('WireMoney')),
    ...groups().flatMap((group) => [
      `## ${group.map(({ name }) => code(name)).join(', ')}`,
      ...(group[0]?.carries ?? []).map((type) => eventSection(type, typeNamed)),
    ]),
  ].join('\n\n');
}

const INTRODUCTION = `# Events

Written by \`npm run docs\` from \`libs/domain-events\`: change the code, not this page. For machines the same stands in [asyncapi.yaml](asyncapi.yaml), with a JSON Schema of each event. How an event gets a new version stands in [ADR 0006](adr/0006-version-events-by-class-and-lift.md).

Delivery is at least once, in order for each key; a consumer knows an event that it has had by its \`id\`. A record may carry fields that are not listed here: they are passed over. A type or version that a consumer does not know is parked, never skipped.`;

const RULES = `Partitions are those of production; on a laptop and in specs each topic has ${LOCAL_PARTITIONS}. The time of a record is when the broker appended it. An inbox remembers an event for ${INBOX_RETENTION_DAYS} days, longer than any topic keeps it.`;

const code = (text: string): string => `\`${text}\``;
const days = (count: number): string => `${count} days`;

const topicRow = (spec: TopicSpec): string[] => [
  code(spec.name),
  spec.about,
  whoOf(spec, spec.producedBy),
  whoOf(spec, spec.heardBy),
  spec.key,
  `${spec.partitions}`,
  days(spec.retentionDays),
];

const whoOf = ({ planned }: TopicSpec, services: readonly Service[]): string =>
  planned === true ? `nobody yet; planned: ${services.join(', ')}` : services.join(', ');

/** Topics that carry the same events are described once. */
const groups = (): TopicSpec[][] => [
  ...Map.groupBy(catalogue, (spec) => spec.carries.join()).values(),
];

function eventSection(type: DomainEvent['type'], typeNamed: (name: string) => TypeDoc): string {
  const { version, shape } = definitions[type];
  const name = `${type}.v${version}`;
  const doc = typeNamed(typeName(type));
  const older = version === 1 ? '' : ` Versions 1 to ${version - 1} are still read.`;
  return [
    `### ${code(name)}`,
    `${doc.about}${older} [Example](../libs/domain-events/golden/${name}.json).`,
    fieldTable(describeWire(shape), doc),
  ].join('\n\n');
}

const fieldTable = (fields: readonly WireField[], doc: TypeDoc): string =>
  table(['field', 'there', 'shape and unit', 'meaning'], fieldRows(fields, doc, ''));

const MONEY = 'money';

function fieldRows(fields: readonly WireField[], doc: TypeDoc, under: string): string[][] {
  return fields.flatMap((field) => {
    const own = doc.property(field.name);
    const name = `${under}${field.name}${field.list ? '[]' : ''}`;
    const isMoney = field.shape === MONEY;
    const row = [code(name), field.presence, isMoney ? '[money](#money)' : field.shape, own.about];
    return isMoney ? [row] : [row, ...fieldRows(field.members, own, `${name}.`)];
  });
}

/** @throws Error if no event carries money any more. */
function moneyFields(): readonly WireField[] {
  const every = Object.values(definitions).flatMap(({ shape }) => describeWire(shape));
  const money = every.find((field) => field.shape === MONEY);
  if (money === undefined) throw new Error('no event carries money');
  return money.members;
}
