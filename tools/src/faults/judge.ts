import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { catalogue, parkedTopics } from '@hutong/domain-events';
import type { TopicProbe } from '@hutong/messaging';
import {
  ask,
  caseFileOf,
  printCaseFile,
  type Comparison,
  type PaymentBooks,
  type Ring,
  type Trace,
} from '@hutong/world';
import type { Lived } from './live-payment.js';
import type { Stage } from './run-seeds.js';

/** Something that must not be, of which payment if of one. */
export type Finding = Readonly<{ paymentId?: string; line: string }>;
/** Somebody who did not get through, whose payment may be there all the same. */
export type Failed = Readonly<{ order: string; line: string }>;

/** Whether the books say what the shop and its payers were told. */
export function promisesKept(comparison: Comparison, lives: readonly Lived[]): Finding[] {
  const byId = new Map(comparison.payments.map((books) => [books.paymentId, books]));
  return lives.flatMap((life): Finding[] => {
    const { paymentId } = life;
    const books = byId.get(paymentId);
    if (books === undefined) {
      return [{ paymentId, line: 'was answered with 201 and is in no book of checkout' }];
    }
    return brokenPromises(books, life).map((line) => ({ paymentId, line }));
  });
}

function brokenPromises(books: PaymentBooks, { paid, refunds }: Lived): string[] {
  const has = (kind: string, number: string) =>
    books.moves.provider.find((move) => move.kind === kind && move.number === number);
  const asked = refunds.reduce((sum, { minor }) => sum + BigInt(minor), 0n);
  return [
    ...paid
      .filter((attemptId) => has('taken', attemptId) === undefined)
      .map((attemptId) => `its payer paid ${attemptId}, and its provider has no money of it`),
    ...(books.refundedByMerchant > asked
      ? [`its merchant asked for ${asked} fen back, and ${books.refundedByMerchant} went back`]
      : []),
    ...refunds
      .filter(({ refundId, minor }) => {
        const move = has('given_back', refundId);
        return move !== undefined && move.minor !== BigInt(minor);
      })
      .map(({ refundId, minor }) => `refund ${refundId} was to be of ${minor} fen`),
  ];
}

/** Orders that have more than one payment: asked for once each, however often the request was sent. */
export async function doubledOrders(ring: Pick<Ring, 'databaseOf'>): Promise<Finding[]> {
  const rows = await ask<{ orders: string; payments: readonly string[] }>(
    ring.databaseOf('checkout'),
    `select order_reference as orders, array_agg(payment_id::text) as payments
       from payment group by platform, merchant_id, order_reference having count(*) > 1`,
  );
  return rows.flatMap(({ orders, payments }) =>
    payments.map((paymentId) => ({
      paymentId,
      line: `order ${orders} has ${payments.length} payments`,
    })),
  );
}

/** Each with its payment, if the order has one. */
export async function namedByOrder(
  ring: Pick<Ring, 'databaseOf'>,
  failed: readonly Failed[],
): Promise<Finding[]> {
  const rows = await ask<{ order: string; id: string }>(
    ring.databaseOf('checkout'),
    `select order_reference as "order", payment_id::text as id from payment
      where order_reference in (select json_array_elements_text($1::json))`,
    [JSON.stringify(failed.map(({ order }) => order))],
  );
  const ids = new Map(rows.map(({ order, id }) => [order, id]));
  return failed.map(({ order, line }) => {
    const paymentId = ids.get(order);
    return paymentId === undefined ? { line } : { paymentId, line };
  });
}

/** What the ledger's own check finds: balances, chains, volumes and payers that do not follow from its entries. */
export async function brokenBooks(ring: Pick<Ring, 'instancesOf'>): Promise<Finding[]> {
  const [ledger] = ring.instancesOf('ledger');
  if (ledger === undefined) throw new Error('no ledger runs');
  const { main, env } = ledger.spec;
  const { PATH, HOME } = process.env;
  const verify = promisify(execFile)(process.execPath, [main, 'verify'], {
    env: { PATH, HOME, ...env },
    timeout: VERIFIED_WITHIN_MS,
  });
  return verify.then(
    () => [],
    (fault: unknown) => [{ line: `ledger:verify: ${saidBy(fault)}` }],
  );
}

const VERIFIED_WITHIN_MS = 300_000;

/** What a command that failed had printed before. */
const saidBy = (fault: unknown): string =>
  ['stdout', 'stderr', 'message']
    .map((of): unknown => Reflect.get(Object(fault), of))
    .filter((text) => typeof text === 'string' && text !== '')
    .join('\n');

/** Refunds that a shop was answered 201 for, and checkout knows nothing of. */
export async function lostRefunds(
  ring: Pick<Ring, 'databaseOf'>,
  lives: readonly Lived[],
): Promise<Finding[]> {
  const rows = await ask<{ id: string }>(
    ring.databaseOf('checkout'),
    'select refund_id::text as id from refund',
  );
  const known = new Set(rows.map(({ id }) => id));
  return lives.flatMap(({ paymentId, refunds }) =>
    refunds
      .filter(({ refundId }) => !known.has(refundId))
      .map(({ refundId }) => ({ paymentId, line: `its refund ${refundId} is in no book` })),
  );
}

/** Everything about a payment: what all have of it, what they told each other, and what the run did around it. */
export async function timelineOf(
  { ring, probe, diary }: Pick<Stage, 'ring' | 'probe' | 'diary'>,
  paymentId: string,
): Promise<string> {
  const traces = [...(await caseFileOf(ring, paymentId)), ...(await toldOf(probe, paymentId))];
  const times = traces.flatMap(({ at }) => (at === undefined ? [] : [at.getTime()]));
  const [from, to] = [Math.min(...times) - AROUND_MS, Math.max(...times) + AROUND_MS];
  const ids = [paymentId, ...idsIn(traces)];
  const injected = diary
    .around(new Date(from), new Date(to), ids)
    .map(({ at, what }): Trace => ({ at, who: 'FAULT', what }));
  const all = [...traces, ...injected];
  return printCaseFile(all.toSorted((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0)));
}

/** Every record of the payment, as often as it was told. */
async function toldOf(probe: TopicProbe, paymentId: string): Promise<Trace[]> {
  const topics = [...catalogue, ...parkedTopics()].map(({ name }) => name);
  const all = await Promise.all(
    topics.map(async (topic) => {
      const own = (await probe.records(topic)).filter(({ key }) => key === paymentId);
      return own.map(({ appendedAt, partition, offset, value }) => ({
        at: appendedAt,
        who: `${topic} ${partition}/${offset}`,
        what: value ?? '',
      }));
    }),
  );
  return all.flat();
}

const AROUND_MS = 5_000;

/** Attempts and refunds: ULIDs. */
const idsIn = (traces: readonly Trace[]): readonly string[] => [
  ...new Set(traces.flatMap(({ what }) => what.match(/\b[0-9A-HJKMNP-TV-Z]{26}\b/g) ?? [])),
];
