import { allTopicNames, catalogue, parkedTopic } from './catalogue.js';
import type { Service } from './topics.js';

/** One thing that a user of the broker may do, to a topic or a consumer group of exactly this name. */
export type BrokerRight = Readonly<{
  type: 'topic' | 'group';
  name: string;
  operations: readonly ('Read' | 'Write' | 'Describe')[];
}>;

/**
 * What a service may do on the broker, from the catalogue: read what it hears as its own group, write
 * what it tells and what it sets aside. All else is forbidden it, another's topics by name included.
 */
export function brokerRightsOf(service: Service): readonly BrokerRight[] {
  const heard = catalogue.filter(({ heardBy }) => heardBy.includes(service));
  const told = catalogue.filter(({ producedBy }) => producedBy.includes(service));
  const parked = heard.map(({ name }) => parkedTopic(name, service));
  return [
    ...heard.map(({ name }) => mayRead('topic', name)),
    mayRead('group', service),
    ...[...told.map(({ name }) => name), ...parked].map(mayWrite),
  ];
}

/**
 * What whoever measures the lag of these services may do: see how far each group is, and nothing of
 * what it reads.
 */
export const lagReadersRights = (services: readonly Service[]): readonly BrokerRight[] => [
  ...catalogue
    .filter(({ heardBy }) => services.some((one) => heardBy.includes(one)))
    .map(({ name }) => mayDescribe('topic', name)),
  ...services.map((group) => mayDescribe('group', group)),
];

/**
 * What whoever repairs these services may do, by `redrive` and `rewind`: read what they hear, tell and set
 * aside, in groups of those commands, and move the services' own groups back. Nothing is written so: what
 * is put back goes through the service's own database.
 */
export const repairersRights = (services: readonly Service[]): readonly BrokerRight[] => [
  ...allTopicNames().map((name) => mayRead('topic', name)),
  ...services.flatMap((service) =>
    [service, `${service}.redrive`, `${service}.rewind`].map((group) => mayRead('group', group)),
  ),
];

const mayRead = (type: BrokerRight['type'], name: string): BrokerRight => ({
  type,
  name,
  operations: ['Read', 'Describe'],
});

const mayWrite = (name: string): BrokerRight => ({
  type: 'topic',
  name,
  operations: ['Write', 'Describe'],
});

const mayDescribe = (type: BrokerRight['type'], name: string): BrokerRight => ({
  type,
  name,
  operations: ['Describe'],
});
