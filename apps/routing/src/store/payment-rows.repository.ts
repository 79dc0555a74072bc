import { paymentRequested, type PaymentId, type PaymentRequested } from '@hutong/domain-events';
import type { Prisma } from '../generated/prisma/client.js';
import type { Decision } from '../offer/offer.js';
import type { RoutingTransaction } from './database.repository.js';
import {
  decisionColumns,
  decisionFrom,
  requestedFrom,
  verdictColumns,
} from './decision-rows.repository.js';

/** A payment as it was asked for, and the moment whose policy decides about it. */
export type KnownPayment = Readonly<{ requested: PaymentRequested; policyAt: Date }>;

export const withVerdicts = {
  verdicts: { orderBy: { position: 'asc' } },
} as const satisfies Prisma.DecisionInclude;

/** @returns false if the payment is there already; waits for whoever is inserting it right now. */
export async function insertPayment(
  tx: RoutingTransaction,
  { requested, policyAt }: KnownPayment,
): Promise<boolean> {
  const inserted = await tx.query(
    `insert into payment (payment_id, event_version, requested, policy_at)
     values ($1::uuid, $2::integer, $3::json, $4::timestamptz)
     on conflict do nothing returning payment_id`,
    [
      requested.paymentId,
      paymentRequested.version,
      JSON.stringify(paymentRequested.encode(requested)),
      policyAt,
    ],
  );
  return inserted.length === 1;
}

/** Locks the payment until commit, so that its offers and choices are decided one after another. */
export async function lockPayment(
  tx: RoutingTransaction,
  paymentId: PaymentId,
): Promise<KnownPayment | undefined> {
  await tx.query('select 1 as locked from payment where payment_id = $1::uuid for update', [
    paymentId,
  ]);
  const row = await tx.prisma.payment.findUnique({ where: { paymentId } });
  return row === null ? undefined : { requested: requestedFrom(row), policyAt: row.policyAt };
}

/** @throws Error if there is none: the first is made with the payment itself. */
export async function newestDecision(
  tx: RoutingTransaction,
  paymentId: PaymentId,
): Promise<Decision> {
  const row = await tx.prisma.decision.findFirstOrThrow({
    where: { paymentId },
    orderBy: { offer: 'desc' },
    include: withVerdicts,
  });
  return decisionFrom(row);
}

export async function insertDecision(
  tx: RoutingTransaction,
  paymentId: PaymentId,
  decision: Decision,
): Promise<void> {
  await tx.prisma.decision.create({ data: decisionColumns(paymentId, decision) });
  await tx.prisma.verdict.createMany({ data: verdictColumns(paymentId, decision) });
}
