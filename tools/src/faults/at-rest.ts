import { catalogue, gatewayService, parkedTopics, PROVIDERS } from '@hutong/domain-events';
import type { TopicProbe } from '@hutong/messaging';
import { ask, RING_SERVICES, type Ring } from '@hutong/world';

/** Something that is not at its end yet, or never will be. */
export type Unsettled = Readonly<{ what: string; count: number }>;

/** Of every database: nothing waits to be sent, and no key is in trouble. */
const EVERYWHERE = {
  'outbox rows': 'select count(*) from outbox',
  'parked keys': 'select count(*) from parked_keys',
};
const CHECKOUT = {
  'payments neither paid nor closed': `select count(*) from payment where status not in
    ('paid', 'partly_refunded', 'refunded', 'closed', 'not_offered')`,
  'open attempts': `select count(*) from attempt where status not in
    ('succeeded', 'failed', 'closed', 'refused')`,
  'open refunds': `select count(*) from refund where status not in ('succeeded', 'failed')`,
  'surplus not back': `select count(*) from receipt where surplus_reason is not null
    and surplus_status <> 'refunded'`,
};
/** Of an order that has ended, a provider is asked once more, minutes and hours later: that is no work. */
const GATEWAY = {
  'open orders': `select count(*) from attempts where status not in ('succeeded', 'failed', 'closed')`,
  'open refunds': `select count(*) from refunds where status not in ('succeeded', 'failed')`,
  'overdue work': `select (select count(*) from attempts where due_at < now() - interval '20 s')
    + (select count(*) from refunds where due_at < now() - interval '20 s')`,
  'overdue leases': `select (select count(*) from attempts where lease_owner is not null
      and due_at is not null and leased_until < now() - interval '20 s')
    + (select count(*) from refunds where lease_owner is not null
      and due_at is not null and leased_until < now() - interval '20 s')`,
};

const isGateway = (service: string): boolean =>
  PROVIDERS.some((provider) => gatewayService[provider] === service);

/** What of a ring is not at rest, in its databases. */
async function unsettledRows(ring: Pick<Ring, 'databaseOf'>): Promise<Unsettled[]> {
  const all = await Promise.all(
    RING_SERVICES.map(async (service) => {
      const questions = {
        ...EVERYWHERE,
        ...(service === 'checkout' && CHECKOUT),
        ...(isGateway(service) && GATEWAY),
      };
      const asked = Object.entries(questions).map(([, query], n) => `(${query})::int as q${n}`);
      const [row = {}] = await ask<Record<string, number>>(
        ring.databaseOf(service),
        `select ${asked.join(', ')}`,
      );
      return Object.keys(questions).map((what, n) => ({
        what: `${service}: ${what}`,
        count: row[`q${n}`] ?? 0,
      }));
    }),
  );
  return all.flat();
}

/** Records that a group has not committed, by group and topic. */
async function unheard(probe: TopicProbe): Promise<Unsettled[]> {
  const pairs = catalogue.flatMap(({ name, heardBy }) => heardBy.map((group) => ({ name, group })));
  return Promise.all(
    pairs.map(async ({ name, group }) => {
      const offsets = await probe.offsets(name, group);
      const count = offsets.reduce((sum, { committed, end }) => sum + Number(end - committed), 0);
      return { what: `${group}: records of ${name} not committed`, count };
    }),
  );
}

/** Everything that is not at rest; empty if the ring is. */
export async function unsettled(
  ring: Pick<Ring, 'databaseOf'>,
  probe: TopicProbe,
): Promise<readonly Unsettled[]> {
  const all = await Promise.all([unsettledRows(ring), unheard(probe)]);
  return all.flat().filter(({ count }) => count > 0);
}

/** When surplus whose refund was refused is next given back again; undefined if none waits for that. */
export async function surplusDueAt(ring: Pick<Ring, 'databaseOf'>): Promise<number | undefined> {
  const [row] = await ask<{ due: number | null }>(
    ring.databaseOf('checkout'),
    `select (extract(epoch from min(surplus_due_at)) * 1000)::float8 as due from receipt
      where surplus_status = 'taken' and surplus_due_at > now()`,
  );
  return row?.due ?? undefined;
}

/** Records that were put aside as impossible or unreadable, by topic: each is a thing for people. */
export async function putAside(probe: TopicProbe): Promise<readonly Unsettled[]> {
  const all = await Promise.all(
    parkedTopics().map(async ({ name }) => {
      const offsets = await probe.offsets(name, 'nobody');
      return {
        what: name,
        count: offsets.reduce((sum, { end, committed }) => sum + Number(end - committed), 0),
      };
    }),
  );
  return all.filter(({ count }) => count > 0);
}
