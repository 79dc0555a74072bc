import {
  catalogue,
  CONTENT_TYPE,
  definitions,
  envelopeSchema,
  LOCAL_PARTITIONS,
  parkedTopics,
  SERVICES,
  type DomainEvent,
  type JsonSchema,
  type Service,
  type TopicSpec,
} from '@hutong/domain-events';
import { SchemaComponents } from './schema-components.js';
import { typeName, type TypeDoc } from './type-docs.js';

/** A broker that the topics are on. `guarded`: with TLS, and only for whom it knows by SCRAM-SHA-512. */
export type Server = Readonly<{ host: string; about: string; guarded: boolean }>;

/** What the document says that the catalogue does not. */
export type About = Readonly<{ version: string; servers: Readonly<Record<string, Server>> }>;

const DAY_MS = 86_400_000;
const BINDING = { bindingVersion: '0.5.0' } as const;

/**
 * AsyncAPI 3.0 of the whole ring: every topic, who writes and who hears it, and every version of every
 * event as JSON Schema; from the catalogue, the wire classes and the docstrings of the code.
 * @param typeNamed the docstrings of libs/domain-events.
 * @throws Error naming a field that has no schema or no meaning.
 */
export function asyncApi(typeNamed: (name: string) => TypeDoc, { version, servers }: About) {
  const schemas = new SchemaComponents({ Money: typeNamed('WireMoney') });
  const messages = Object.fromEntries(
    Object.values(definitions).flatMap((definition) =>
      definition.shapes.map((shape, index) => {
        const name = `${definition.type}.v${index + 1}`;
        const doc = typeNamed(typeName(definition.type));
        return [name, messageOf(name, doc.about, schemas.add(name, shape, doc))];
      }),
    ),
  );
  return {
    asyncapi: '3.0.0',
    info: { title: 'Hutong', version, description: ABOUT, license: { name: 'MIT' } },
    defaultContentType: CONTENT_TYPE,
    servers: Object.fromEntries(
      Object.entries(servers).map(([name, { host, about, guarded }]) => [
        name,
        {
          host,
          protocol: guarded ? 'kafka-secure' : 'kafka',
          description: about,
          ...(guarded && { security: [{ type: 'scramSha512' }] }),
        },
      ]),
    ),
    channels: { ...Object.fromEntries(catalogue.map(channelOf)), ...parkedChannels() },
    operations: Object.fromEntries(SERVICES.flatMap(operationsOf)),
    components: {
      messages: { ...messages, [PARKED]: parkedMessage },
      schemas: { Attributes: attributes(typeNamed), Headers: headers, ...schemas.all },
    },
  };
}

const ABOUT = `The events of an open payment switch. Written by \`npm run docs\` from \`libs/domain-events\`: change the code, not this file. For people the same stands in docs/events.md.

Delivery is at least once, in order for each key. Members that a schema does not name are passed over; a type or version that a consumer does not know is parked, never skipped. A schema takes whatever the code takes; it cannot say that \`subject\` is the key of \`data\`, nor that a day exists.`;

const referTo = (kind: string, name: string): JsonSchema => ({ $ref: `#/${kind}/${name}` });
const messageRef = (name: string): JsonSchema => referTo('components/messages', name);

/** Every version of an event that may lie in a topic, oldest first. */
const versionsOf = (type: DomainEvent['type']): string[] =>
  definitions[type].shapes.map((_, index) => `${type}.v${index + 1}`);

/** The version that is written now. */
const newestOf = (type: DomainEvent['type']): string => `${type}.v${definitions[type].version}`;

const topicBinding = (name: string, partitions: number, retentionDays: number) => ({
  kafka: {
    topic: name,
    partitions,
    topicConfiguration: { 'retention.ms': retentionDays * DAY_MS },
    ...BINDING,
  },
});

const PLANNED = 'Planned: nobody writes or hears it yet.';

const channelOf = (topic: TopicSpec): [string, object] => [
  topic.name,
  {
    address: topic.name,
    description: topic.planned === true ? `${topic.about} ${PLANNED}` : topic.about,
    messages: Object.fromEntries(
      topic.carries.flatMap(versionsOf).map((name) => [name, messageRef(name)]),
    ),
    bindings: topicBinding(topic.name, topic.partitions, topic.retentionDays),
    'x-key': topic.key,
    'x-written-by': topic.producedBy,
    'x-heard-by': topic.heardBy,
    'x-local-partitions': LOCAL_PARTITIONS,
  },
];

const PARKED = 'parked.record';

const parkedChannels = () =>
  Object.fromEntries(
    parkedTopics().map(({ name, group, partitions, retentionDays }) => [
      name,
      {
        address: name,
        description: `What ${group} cannot handle, until it is redriven.`,
        messages: { [PARKED]: messageRef(PARKED) },
        bindings: topicBinding(name, partitions, retentionDays),
        'x-key': 'as in the topic that it comes from',
        'x-written-by': [group],
        'x-heard-by': [],
        'x-local-partitions': LOCAL_PARTITIONS,
      },
    ]),
  );

const parkedMessage = {
  name: PARKED,
  summary: 'A record as it came, byte for byte, with where it came from and why it was parked.',
  headers: { type: 'object', patternProperties: { '^dlt\\.': { type: 'string' } } },
  payload: {},
};

/** What one service says and hears: it writes the newest version, and reads every one. */
function operationsOf(service: Service): [string, object][] {
  const told = catalogue.filter(({ producedBy }) => producedBy.includes(service));
  const heard = catalogue.filter(({ heardBy }) => heardBy.includes(service));
  const parked = parkedTopics().filter(({ group }) => group === service);
  const from = (channel: string, names: readonly string[]) => ({
    channel: referTo('channels', channel),
    messages: names.map((name) => referTo(`channels/${channel}/messages`, name)),
    'x-service': service,
  });
  return [
    ...told.map(({ name, carries }): [string, object] => [
      `${service}.sends.${name}`,
      { action: 'send', ...from(name, carries.map(newestOf)) },
    ]),
    ...heard.map(({ name, carries }): [string, object] => [
      `${service}.hears.${name}`,
      {
        action: 'receive',
        ...from(name, carries.flatMap(versionsOf)),
        bindings: { kafka: { groupId: { type: 'string', enum: [service] }, ...BINDING } },
      },
    ]),
    ...parked.map(({ name }): [string, object] => [
      `${service}.parks.${name}`,
      { action: 'send', ...from(name, [PARKED]) },
    ]),
  ];
}

/** One version of an event as a record: the attributes of CloudEvents, and `data`. */
const messageOf = (name: string, about: string, data: JsonSchema) => ({
  name,
  summary: about,
  contentType: CONTENT_TYPE,
  headers: referTo('components/schemas', 'Headers'),
  payload: {
    allOf: [
      referTo('components/schemas', 'Attributes'),
      { type: 'object', required: ['data'], properties: { type: { const: name }, data } },
    ],
  },
  bindings: {
    kafka: { key: { type: 'string', description: "The event's `subject`." }, ...BINDING },
  },
});

const headers = {
  description: 'Of every record, beside the attributes of CloudEvents in its value.',
  type: 'object',
  required: ['content-type'],
  properties: {
    'content-type': { type: 'string', const: CONTENT_TYPE },
    traceparent: { type: 'string', description: 'The trace, as W3C writes it.' },
  },
};

function attributes(typeNamed: (name: string) => TypeDoc): JsonSchema {
  const { properties, ...schema } = envelopeSchema();
  const doc = typeNamed('WireEnvelope');
  return {
    description: doc.about,
    ...schema,
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, one]) => [
        name,
        { description: doc.property(name).about, ...one },
      ]),
    ),
  };
}
