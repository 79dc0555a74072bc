import type { Sql } from '@hutong/database';
import {
  paymentRequested,
  type AttemptId,
  type EventId,
  type PaymentId,
  type PaymentRequested,
} from '@hutong/domain-events';
import type { Payment, Prisma } from '../generated/prisma/client.js';
import type { AnsweredChoice } from '../explain-decisions/explanation.js';
import type { Decision } from '../offer/offer.js';
import {
  answeredFrom,
  decisionFrom,
  requestedFrom,
  verdictColumns,
  type AnswerColumns,
  type DecisionRows,
} from './decision-rows.repository.js';

/** A payment as it was asked for, and the moment whose policy decides about it. */
export type KnownPayment = Readonly<{ requested: PaymentRequested; policyAt: Date }>;

export const withVerdicts = {
  verdicts: { orderBy: { position: 'asc' } },
} as const satisfies Prisma.DecisionInclude;

/** @returns false if the payment is there already; waits for whoever is inserting it right now. */
export async function insertPayment(
  tx: Sql,
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
  tx: Sql,
  paymentId: PaymentId,
): Promise<KnownPayment | undefined> {
  const [row] = await tx.query<Omit<Payment, 'paymentId'>>(
    `select event_version as "eventVersion", requested, policy_at as "policyAt"
     from payment where payment_id = $1::uuid for update`,
    [paymentId],
  );
  return row && { requested: requestedFrom(row), policyAt: row.policyAt };
}

/** @throws Error if there is none: the first is made with the payment itself. */
export async function newestDecision(tx: Sql, paymentId: PaymentId): Promise<Decision> {
  const [row] = await tx.query<DecisionRows>(
    `select offer, decided_at as "decidedAt", policy_version as "policyVersion",
            valid_until as "validUntil",
            (select coalesce(json_agg(v order by v.position), '[]')
               from verdict v where v.payment_id = d.payment_id and v.offer = d.offer) as verdicts
     from decision d where payment_id = $1::uuid order by offer desc limit 1`,
    [paymentId],
  );
  if (row === undefined) throw new Error('a payment without a decision');
  return decisionFrom(row);
}

export async function insertDecision(
  tx: Sql,
  paymentId: PaymentId,
  decision: Decision,
): Promise<void> {
  const { offer, decidedAt, policyVersion, validUntil = null } = decision;
  await tx.query(
    `with decided as (
       insert into decision (payment_id, offer, decided_at, policy_version, valid_until)
       values ($1::uuid, $2::integer, $3::timestamptz, $4, $5::timestamptz))
     insert into verdict (payment_id, offer, position, method, label, against)
     select $1::uuid, $2::integer, v.position, v.method, v.label, v.against
     from json_to_recordset($6::json) as v (position int, method text, label text, against text[])`,
    [
      ...[paymentId, offer, decidedAt, policyVersion, validUntil],
      JSON.stringify(verdictColumns(decision)),
    ],
  );
}

/** What came before a choice. Ask under the payment's lock. */
export type Beforehand = Readonly<{
  /** The effects of this very event are committed. */
  heard: boolean;
  /** Its attempt has an answer already. */
  answered: boolean;
  /** Its attempt was to be closed. */
  closed: boolean;
}>;

export async function beforehand(
  tx: Sql,
  eventId: EventId,
  attemptId: AttemptId,
): Promise<Beforehand> {
  const [row] = await tx.query<Beforehand>(
    `select exists (select from inbox where event_id = $1::uuid) as heard,
            exists (select from attempt where attempt_id = $2) as answered,
            exists (select from early_close where attempt_id = $2) as closed`,
    [eventId, attemptId],
  );
  if (row === undefined) throw new Error('a question without an answer');
  return row;
}

export async function insertAnswer(tx: Sql, answer: AnswerColumns): Promise<void> {
  const { attemptId, paymentId, verdict, offer, method, reasons, decidedAt, paidByAnother } =
    answer;
  await tx.query(
    `insert into attempt
       (attempt_id, payment_id, verdict, offer, method, reasons, decided_at, paid_by_another)
     values ($1, $2::uuid, $3, $4::integer, $5, $6::text[], $7::timestamptz, $8::boolean)`,
    [attemptId, paymentId, verdict, offer, method, reasons, decidedAt, paidByAnother],
  );
}

/** What was answered to the choice of this attempt of this payment. */
export async function findAnswer(
  tx: Sql,
  paymentId: PaymentId,
  attemptId: AttemptId,
): Promise<AnsweredChoice | undefined> {
  const [row] = await tx.query<AnswerColumns>(
    `select attempt_id as "attemptId", payment_id as "paymentId", verdict, offer, method, reasons,
            decided_at as "decidedAt", paid_by_another as "paidByAnother"
     from attempt where attempt_id = $1 and payment_id = $2::uuid`,
    [attemptId, paymentId],
  );
  return row && answeredFrom(row);
}
