import {
  ask,
  caseFileOf,
  printCaseFile,
  type Comparison,
  type PaymentBooks,
  type Ring,
  type Trace,
} from '@hutong/world';
import type { Diary } from './diary.js';
import type { Lived } from './live-payment.js';

/** Something that must not be, of which payment if of one. */
export type Finding = Readonly<{ paymentId?: string; line: string }>;

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
  const rows = await ask<{ orders: string; payments: string }>(
    ring.databaseOf('checkout'),
    `select order_reference as orders, string_agg(payment_id::text, ', ') as payments
       from payment group by platform, merchant_id, order_reference having count(*) > 1`,
  );
  return rows.map(({ orders, payments }) => ({ line: `order ${orders} has payments ${payments}` }));
}

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

/** Everything about a payment: what all have of it, and what the run did around it. */
export async function timelineOf(
  ring: Pick<Ring, 'databaseOf' | 'instancesOf' | 'sandbox'>,
  diary: Diary,
  paymentId: string,
): Promise<string> {
  const traces = await caseFileOf(ring, paymentId);
  const times = traces.flatMap(({ at }) => (at === undefined ? [] : [at.getTime()]));
  const [from, to] = [Math.min(...times) - AROUND_MS, Math.max(...times) + AROUND_MS];
  const ids = [paymentId, ...idsIn(traces)];
  const injected = diary
    .around(new Date(from), new Date(to), ids)
    .map(({ at, what }): Trace => ({ at, who: 'FAULT', what }));
  const all = [...traces, ...injected];
  return printCaseFile(all.toSorted((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0)));
}

const AROUND_MS = 5_000;

/** Attempts and refunds: ULIDs. */
const idsIn = (traces: readonly Trace[]): readonly string[] => [
  ...new Set(traces.flatMap(({ what }) => what.match(/\b[0-9A-HJKMNP-TV-Z]{26}\b/g) ?? [])),
];
