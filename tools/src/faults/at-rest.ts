import { catalogue, gatewayService, parkedTopics, PROVIDERS } from '@hutong/domain-events';
import type { TopicProbe } from '@hutong/messaging';
import { ask, RING_SERVICES, type Ring } from '@hutong/world';

/** Something that is not at its end yet, or never will be. */
export type Unsettled = Readonly<{
  what: string;
  count: number;
  /** Some of the payments that it is of, where that can be told: enough to see what is wrong. */
  payments: readonly string[];
}>;

const SOME = 3;

/** What waits in every database, to be sent or because its key is in trouble; by the payment that it is of. */
const EVERYWHERE = {
  'outbox rows': 'select key from outbox',
  'parked keys': 'select key from parked_keys',
};
const CHECKOUT = {
  'payments neither paid nor closed': `select payment_id from payment where status not in
    ('paid', 'partly_refunded', 'refunded', 'closed', 'not_offered')`,
  'open attempts': `select payment_id from attempt where status not in
    ('succeeded', 'failed', 'closed', 'refused')`,
  'open refunds': `select payment_id from refund where status not in ('succeeded', 'failed')`,
  'surplus not back': `select payment_id from receipt where surplus_reason is not null
    and surplus_status <> 'refunded'`,
};
/** Of an order that has ended, a provider is asked once more, minutes and hours later: that is no work. */
const OVERDUE = `due_at < now() - interval '20 s'`;
const LEFT = `lease_owner is not null and due_at is not null
  and leased_until < now() - interval '20 s'`;
const GATEWAY = {
  'open orders': `select payment_id from attempts
    where status not in ('succeeded', 'failed', 'closed')`,
  'open refunds': `select payment_id from refunds where status not in ('succeeded', 'failed')`,
  'overdue work': `select payment_id from attempts where ${OVERDUE}
    union all select payment_id from refunds where ${OVERDUE}`,
  'overdue leases': `select payment_id from attempts where ${LEFT}
    union all select payment_id from refunds where ${LEFT}`,
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
      const asked = Object.entries(questions).map(
        ([what, query]) =>
          `select '${what}' as what, count(*)::int as count,
             coalesce((array_agg(distinct id))[1:${SOME}], '{}') as payments
           from (select id::text from (${query}) q (id)) named`,
      );
      const rows = await ask<Unsettled>(ring.databaseOf(service), asked.join(' union all '));
      return rows.map((row) => ({ ...row, what: `${service}: ${row.what}` }));
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
      return { what: `${group}: records of ${name} not committed`, count, payments: [] };
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

/** Records that were parked as impossible or unreadable, by topic: each is a thing for people. */
export async function parked(probe: TopicProbe): Promise<readonly Unsettled[]> {
  const all = await Promise.all(
    parkedTopics().map(async ({ name }) => {
      const records = await probe.records(name);
      const keys = new Set(records.flatMap(({ key }) => key ?? []));
      return { what: name, count: records.length, payments: [...keys].slice(0, SOME) };
    }),
  );
  return all.filter(({ count }) => count > 0);
}
