import { gatewayService, PROVIDERS } from '@hutong/domain-events';
import { ask } from '../database.js';
import { SandboxControl } from '../sandbox-control.js';
import type { Ring } from '../ring.js';
import { RING_SERVICES, type RingService } from '../ring-services.js';
import { ulidOf } from './read-moves.js';

/** One thing that anybody has of a payment, and when it happened. */
export type Trace = Readonly<{
  /** Undefined for what says no time. */
  at: Date | undefined;
  /** Whose it is: `checkout attempt`, `wechat orders`, `log of routing`. */
  who: string;
  /** One line of JSON, or of a log. */
  what: string;
}>;

/** A table with one payment's rows: how they are found, and which column says when. */
type Table = Readonly<{ name: string; at: string; where?: string }>;

const OWN = 'payment_id = $1::uuid';
const QUEUED: readonly Table[] = [
  { name: 'outbox', at: 'appended_at', where: 'key = $1' },
  { name: 'parked_keys', at: 'first_failed_at', where: 'key = $1' },
];
const OF_ATTEMPTS = 'attempt_id in (select attempt_id from attempts where payment_id = $1::uuid)';
const OF_REFUNDS = 'refund_id in (select refund_id from refunds where payment_id = $1::uuid)';
const QUARANTINED = 'order_number in (select attempt_id from attempts where payment_id = $1::uuid)';

const TABLES: Readonly<Record<'checkout' | 'routing' | 'gateway', readonly Table[]>> = {
  checkout: [
    { name: 'payment', at: 'requested_at' },
    { name: 'attempt', at: 'selected_at' },
    { name: 'receipt', at: 'paid_at' },
    { name: 'refund', at: 'requested_at' },
    { name: 'put_off', at: 'until' },
    { name: 'webhook_stream', at: 'due_at' },
    { name: 'webhook_message', at: 'created_at' },
  ],
  routing: [
    { name: 'payment', at: 'policy_at' },
    { name: 'decision', at: 'decided_at' },
    { name: 'attempt', at: 'decided_at' },
    { name: 'refund', at: 'commanded_at' },
    { name: 'early_close', at: 'asked_at' },
  ],
  gateway: [
    { name: 'attempts', at: 'requested_at' },
    { name: 'refunds', at: 'requested_at' },
    { name: 'notifications', at: 'received_at', where: OF_ATTEMPTS },
    { name: 'refund_notifications', at: 'received_at', where: OF_REFUNDS },
    { name: 'quarantine', at: 'received_at', where: QUARANTINED },
  ],
};

/** What is long, or nobody's business. */
const LEFT_OUT = ['prepared_body', 'prepared_fields', 'sealed_payer', 'value', 'payer_key', 'body'];

/**
 * Everything that is known of one payment, in the order in which it happened: its rows at every service,
 * its orders in the sandbox's books, and every line of a log that names one of its ids.
 */
export async function caseFileOf(
  ring: Pick<Ring, 'databaseOf' | 'instancesOf' | 'sandbox'>,
  paymentId: string,
): Promise<readonly Trace[]> {
  const numbers = await numbersOf(ring, paymentId);
  const [rows, orders, booked] = await Promise.all([
    Promise.all(RING_SERVICES.map((service) => rowsOf(ring, service, paymentId))),
    ordersOf(ring, numbers.attempts),
    entriesOf(ring, numbers),
  ]);
  const ids = [paymentId, ...numbers.attempts, ...numbers.refunds];
  const traces = [...rows.flat(), ...orders, ...booked, ...linesNaming(ring, ids)];
  return traces.toSorted((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0));
}

/** For a terminal, one trace a line. */
export const printCaseFile = (traces: readonly Trace[]): string =>
  traces
    .map(
      ({ at, who, what }) => `  ${at?.toISOString() ?? 'at some time'.padEnd(24)}  ${who}  ${what}`,
    )
    .join('\n');

type Numbers = Readonly<{ attempts: readonly string[]; refunds: readonly string[] }>;

async function numbersOf(
  { databaseOf }: Pick<Ring, 'databaseOf'>,
  paymentId: string,
): Promise<Numbers> {
  const of = async (table: 'attempt' | 'refund'): Promise<readonly string[]> => {
    const query = `select ${table}_id as number from ${table} where ${OWN}`;
    const rows = await ask<{ number: string }>(databaseOf('checkout'), query, [paymentId]);
    return rows.map(({ number }) => number);
  };
  const [attempts, refunds] = await Promise.all([of('attempt'), of('refund')]);
  return { attempts, refunds };
}

async function rowsOf(
  { databaseOf }: Pick<Ring, 'databaseOf'>,
  service: RingService,
  paymentId: string,
): Promise<Trace[]> {
  const all = await Promise.all(
    [...tablesOf(service), ...QUEUED].map(async ({ name, at, where = OWN }) => {
      const rows = await ask<{ at: Date | null; row: string }>(
        databaseOf(service),
        `select ${at} as at, (to_jsonb(t) - '{${LEFT_OUT.join(',')}}'::text[])::text as row
           from ${name} t where ${where}`,
        [paymentId],
      );
      return rows.map(({ at: time, row }) => ({
        at: time ?? undefined,
        who: `${service} ${name}`,
        what: row,
      }));
    }),
  );
  return all.flat();
}

function tablesOf(service: RingService): readonly Table[] {
  if (service === 'checkout' || service === 'routing') return TABLES[service];
  const isGateway = PROVIDERS.some((provider) => gatewayService[provider] === service);
  return isGateway ? TABLES.gateway : [];
}

async function entriesOf(
  { databaseOf }: Pick<Ring, 'databaseOf'>,
  { attempts, refunds }: Numbers,
): Promise<Trace[]> {
  const rows = await ask<{ at: Date; row: string; number: string }>(
    databaseOf('ledger'),
    `select booked_at as at, order_ref::text as number,
            (to_jsonb(e) - '{payer_key}'::text[])::text as row from ledger_event e`,
  );
  const own = new Set([...attempts, ...refunds]);
  return rows
    .filter(({ number }) => own.has(ulidOf(number)))
    .map(({ at, row, number }) => ({ at, who: 'ledger', what: `${ulidOf(number)} ${row}` }));
}

async function ordersOf({ sandbox }: Pick<Ring, 'sandbox'>, attempts: readonly string[]) {
  const control = new SandboxControl(sandbox);
  const found = await Promise.all(
    attempts.flatMap((attemptId) =>
      PROVIDERS.map(async (provider): Promise<Trace[]> => {
        const order = await control.at(provider).order(attemptId);
        if (order === undefined) return [];
        const paidAt: unknown = Reflect.get(order, 'paidAt');
        const at = typeof paidAt === 'string' ? new Date(paidAt) : undefined;
        return [{ at, who: `${provider}'s own books`, what: JSON.stringify(order) }];
      }),
    ),
  );
  return found.flat();
}

function linesNaming(ring: Pick<Ring, 'instancesOf'>, ids: readonly string[]): Trace[] {
  return RING_SERVICES.flatMap((service) => ring.instancesOf(service)).flatMap((process) =>
    process
      .log()
      .split('\n')
      .filter((line) => ids.some((id) => line.includes(id)))
      .map((what) => ({ at: timeIn(what), who: `log of ${process.name}`, what })),
  );
}

function timeIn(line: string): Date | undefined {
  const [, time] = /"time":"([^"]+)"/.exec(line) ?? [];
  return time === undefined ? undefined : new Date(time);
}
