import { describe, expect, it } from '@jest/globals';
import { allTopicNames, catalogue, definitions, parkedTopics } from './catalogue.js';
import type { DomainEvent } from './domain-event.js';
import { PROVIDERS } from './method.js';
import { SERVICES, type Service, type Topic } from './topics.js';

type Row = Readonly<{ topic: Topic; by: string; for: string; carries: string }>;
const GATEWAYS = PROVIDERS.map((provider) => `${provider}-gateway`).join(' ');
const COMMANDS = 'attempt.requested attempt.close_requested refund.requested';

describe('the ring', () => {
  it.each<Row>([
    {
      topic: 'checkout.payments',
      by: 'checkout',
      for: 'routing',
      carries:
        'payment.requested payment.method_selected payment.close_requested payment.refund_requested',
    },
    {
      topic: 'routing.decisions',
      by: 'routing',
      for: 'checkout',
      carries: 'payment.offered payment.not_offered attempt.accepted attempt.refused',
    },
    ...PROVIDERS.map((provider): Row => {
      const topic = `gateway.${provider}` as const;
      return { topic, by: 'routing', for: `${provider}-gateway`, carries: COMMANDS };
    }),
    {
      topic: 'gateway.reports',
      by: GATEWAYS,
      for: 'checkout routing',
      carries:
        'attempt.awaiting_payer attempt.succeeded attempt.failed attempt.closed attempt.unknown refund.pending refund.succeeded refund.failed',
    },
    {
      topic: 'payment.outcomes',
      by: 'checkout',
      for: 'ledger',
      carries:
        'payment.paid payment.attempt_failed payment.attempt_closed payment.closed payment.refunded payment.refund_failed payment.surplus_taken payment.surplus_refunded',
    },
    { topic: 'provider.bills', by: GATEWAYS, for: 'ledger', carries: 'bill.available' },
  ])('$topic goes from $by to $for', (row) => {
    expect(catalogue.filter((spec) => spec.name === row.topic)).toMatchObject([
      {
        producedBy: row.by.split(' '),
        heardBy: row.for.split(' '),
        carries: row.carries.split(' '),
      },
    ]);
  });

  it('has these topics and no other', () => {
    const count = 5 + PROVIDERS.length;
    expect(catalogue).toHaveLength(count);
    expect(new Set(catalogue.map((spec) => spec.name)).size).toBe(count);
  });

  it('carries every event, and each on topics of one kind', () => {
    const carried = catalogue.flatMap((spec) => spec.carries);
    const told = (type: DomainEvent['type']) =>
      new Set(catalogue.filter((s) => s.carries.includes(type)).map((s) => s.producedBy.join()));

    expect(new Set(carried)).toEqual(new Set(Object.keys(definitions)));
    expect(Object.values(definitions).filter(({ type }) => told(type).size !== 1)).toEqual([]);
  });

  it('gives each event a definition of its own name', () => {
    expect(Object.values(definitions).map(({ type }) => type)).toEqual(Object.keys(definitions));
  });

  it('lets every service hear, and nobody hear itself', () => {
    const heard = new Set<Service>(catalogue.flatMap((spec) => spec.heardBy));

    expect([...SERVICES].filter((service) => !heard.has(service))).toEqual([]);
    expect(catalogue.filter((s) => s.heardBy.some((one) => s.producedBy.includes(one)))).toEqual(
      [],
    );
  });
});

describe('what cannot be handled', () => {
  it('is parked on a topic of its own for each consumer group', () => {
    expect(parkedTopics().map((topic) => topic.name)).toEqual([
      'checkout.payments.routing.parked',
      'routing.decisions.checkout.parked',
      ...PROVIDERS.map((provider) => `gateway.${provider}.${provider}-gateway.parked`),
      'gateway.reports.checkout.parked',
      'gateway.reports.routing.parked',
      'payment.outcomes.ledger.parked',
      'provider.bills.ledger.parked',
    ]);
    expect(allTopicNames().toSorted()).toEqual(
      [...catalogue, ...parkedTopics()].map((topic) => topic.name).toSorted(),
    );
  });

  it('keeps its partition, and waits longer than its topic keeps', () => {
    for (const parked of parkedTopics()) {
      const [origin] = catalogue.filter((spec) => parked.name.startsWith(`${spec.name}.`));
      expect(parked.partitions).toBe(origin?.partitions);
      expect(parked.retentionDays).toBeGreaterThan(origin?.retentionDays ?? Infinity);
    }
  });
});
