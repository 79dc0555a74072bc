import {
  CHECKOUT_PAYMENTS,
  decodeEnvelope,
  GATEWAY_REPORTS,
  gatewayService,
  gatewayTopic,
  PAYMENT_OUTCOMES,
  ROUTING_DECISIONS,
  type DomainEvent,
  type Topic,
} from '@hutong/domain-events';
import { eventually } from '@hutong/testing';
import { readRows, type RingService } from '@hutong/world';
import type { FaultWorld } from './fault-world.examples.js';
import { isShownOrLost } from './killing.examples.js';
import {
  chosen,
  offeredOf,
  ordered,
  payShown,
  shown,
  WITHIN_MS,
  type WayName,
} from './ways.examples.js';

/** An event that a service hears, or tells, as soon as somebody does something. */
export type Step = Readonly<{
  service: RingService;
  topic: Topic;
  type: DomainEvent['type'];
  /** @returns what brings it about for one more payment; its own answer may get lost with the service. */
  prepare: (world: FaultWorld) => Promise<() => Promise<unknown>>;
}>;

const request: Step['prepare'] = async ({ shops: [shop] }) =>
  Promise.resolve(async () => offeredOf(shop, (await ordered(shop)).paymentId));

const choose =
  (way: WayName): Step['prepare'] =>
  async ({ shops: [shop] }) => {
    const payment = await ordered(shop);
    return async () => {
      await chosen(shop, payment, way);
      // Where the code is lost it is paid another way meanwhile, and shows nothing ever after.
      await shop.seeWhen(payment.paymentId, isShownOrLost, {
        withinMs: WITHIN_MS,
        what: 'to show something to pay by, or to have lost it',
      });
    };
  };

const pay: Step['prepare'] = async (world) => {
  const payment = await shown(world.shops[0], 'wechat');
  return () => payShown(world, payment);
};

const gatewayHears = (way: WayName): Step => ({
  service: gatewayService[way],
  topic: gatewayTopic[way],
  type: 'attempt.requested',
  prepare: choose(way),
});

/** What each service hears. */
export const HEARD: readonly Step[] = [
  { service: 'checkout', topic: GATEWAY_REPORTS, type: 'attempt.succeeded', prepare: pay },
  { service: 'routing', topic: CHECKOUT_PAYMENTS, type: 'payment.requested', prepare: request },
  gatewayHears('wechat'),
  gatewayHears('alipay'),
  gatewayHears('unionpay'),
  { service: 'ledger', topic: PAYMENT_OUTCOMES, type: 'payment.paid', prepare: pay },
];

const gatewayTells = (way: WayName): Step => ({
  service: gatewayService[way],
  topic: GATEWAY_REPORTS,
  type: 'attempt.awaiting_payer',
  prepare: choose(way),
});

/** What each service tells. The ledger tells nothing: it has no outbox, and no relay. */
export const TOLD: readonly Step[] = [
  { service: 'checkout', topic: CHECKOUT_PAYMENTS, type: 'payment.requested', prepare: request },
  { service: 'routing', topic: ROUTING_DECISIONS, type: 'payment.offered', prepare: request },
  gatewayTells('wechat'),
  gatewayTells('alipay'),
  gatewayTells('unionpay'),
];

/** An event as it lies in a topic. */
export type Lying = Readonly<{
  partition: number;
  offset: bigint;
  eventId: string;
  paymentId: string;
}>;

/** Every event of the step's kind that its topic holds. */
export async function lying({ probe }: FaultWorld, { topic, type }: Step): Promise<Lying[]> {
  const records = await probe.records(topic);
  return records.flatMap(({ partition, offset, key, value }) => {
    const decoded = decodeEnvelope(value ?? '');
    if (!decoded.ok || decoded.value.event.type !== type) return [];
    return [{ partition, offset, eventId: decoded.value.id, paymentId: key ?? '' }];
  });
}

/**
 * Does what brings the events about, and waits for them.
 * @returns the events that were not there before, and when all of it was answered: that may get lost with
 *   the service that is about to be killed.
 */
export async function told(
  world: FaultWorld,
  step: Step,
  acts: readonly (() => Promise<unknown>)[],
): Promise<Readonly<{ events: Lying[]; answered: Promise<unknown> }>> {
  const known = new Set((await lying(world, step)).map(({ eventId }) => eventId));
  const answered = Promise.all(acts.map((act) => act()));
  answered.catch(() => undefined);
  const events = await eventually(
    async () => {
      const fresh = (await lying(world, step)).filter(({ eventId }) => !known.has(eventId));
      return fresh.length === acts.length && fresh;
    },
    { withinMs: WITHIN_MS, what: `${acts.length} times ${step.type} on ${step.topic}` },
  );
  return { events, answered };
}

/** Which of these events a service has committed the effects of. The ledger's log is its inbox. */
export async function committedOf(
  { ring }: FaultWorld,
  service: RingService,
  events: readonly Lying[],
): Promise<readonly Lying[]> {
  const tables =
    service === 'ledger'
      ? { ledger_event: 'event_id', outcome_log: 'event_id' }
      : { inbox: 'event_id' };
  const rows = await readRows(ring.databaseOf(service), tables);
  const ids = Object.values(rows).flatMap((own) => own.map(idIn));
  return events.flatMap((event) => ids.filter((id) => id === event.eventId).map(() => event));
}

/** How much a service has told of each payment: more, if it takes an event for new that it has heard. */
export const countsOf = async ({ ring }: FaultWorld, service: RingService): Promise<unknown> =>
  readRows(ring.databaseOf(service), { outbox_sequences: 'key, last' });

const idIn = (row: unknown): unknown => Reflect.get(Object(row), 'event_id');
