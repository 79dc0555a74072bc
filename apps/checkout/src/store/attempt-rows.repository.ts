import {
  attemptAwaitingPayer,
  attemptId,
  CLOSE_REASONS,
  FAILURE_REASONS,
  methodText,
  parseMethod,
  type Method,
  type PaymentId,
} from '@hutong/domain-events';
import type { Attempt as Row } from '../generated/prisma/client.js';
import { actionOf, type Attempt, type Choice } from '../payment/attempt.js';
import {
  fromStored,
  member,
  timeFrom,
  toStored,
  unreadable,
  type InJson,
  type StoredEvent,
} from './reading.js';

/** An attempt's row, as `ATTEMPTS` has it. */
export type AttemptRow = InJson<Omit<Row, 'paymentId' | 'position'>>;

/** Attempts of payment `p`, in the order of choosing, as JSON. */
export const ATTEMPTS = `(
  select coalesce(json_agg(json_build_object(
    'attemptId', attempt_id, 'offer', offer, 'method', method, 'paidByAnother', paid_by_another,
    'selectedAt', selected_at, 'status', status, 'shown', shown, 'reason', reason,
    'reasons', coalesce(reasons, '{}')) order by position), '[]')
  from attempt where payment_id = p.payment_id)`;

/** @throws Error on a row that no attempt of ours is written as. */
export function attemptFrom(row: AttemptRow): Attempt {
  const choice: Choice = {
    id: attemptId(row.attemptId),
    offer: row.offer,
    method: methodFrom(row.method),
    paidByAnother: row.paidByAnother,
    selectedAt: timeFrom(row.selectedAt),
  };
  const { status } = row;
  switch (status) {
    case 'selected':
    case 'accepted':
    case 'succeeded':
      return { ...choice, status };
    case 'awaiting_payer':
      return { ...choice, status, action: shownIn(row) };
    case 'unknown':
      return {
        ...choice,
        status,
        cause: row.reason ?? '',
        action: row.shown === null ? undefined : shownIn(row),
      };
    case 'failed':
      return { ...choice, status, reason: member(FAILURE_REASONS, row.reason) };
    case 'closing':
    case 'closed':
      return { ...choice, status, reason: member(CLOSE_REASONS, row.reason) };
    case 'refused':
      return { ...choice, status, reasons: row.reasons };
    default:
      throw unreadable('status of an attempt');
  }
}

/** What is written once, when the method is chosen. */
export const choiceColumns = (attempt: Attempt) => ({
  attemptId: attempt.id,
  offer: attempt.offer,
  method: methodText(attempt.method),
  paidByAnother: attempt.paidByAnother,
  selectedAt: attempt.selectedAt,
});

/** What follows the attempt's status. */
export const statusColumns = (payment: PaymentId, attempt: Attempt) => ({
  status: attempt.status,
  shown: shownFor(payment, attempt),
  reason: reasonOf(attempt),
  reasons: attempt.status === 'refused' ? [...attempt.reasons] : [],
});

const shownIn = (row: AttemptRow) => fromStored(attemptAwaitingPayer, row.shown).action;

function shownFor(paymentId: PaymentId, attempt: Attempt): StoredEvent | null {
  const action = actionOf(attempt);
  if (action === undefined) return null;
  const { provider } = attempt.method;
  const told = { type: 'attempt.awaiting_payer', paymentId, attemptId: attempt.id } as const;
  return toStored(attemptAwaitingPayer, { ...told, provider, action });
}

function reasonOf(attempt: Attempt): string | null {
  switch (attempt.status) {
    case 'failed':
    case 'closing':
    case 'closed':
      return attempt.reason;
    case 'unknown':
      return attempt.cause;
    case 'selected':
    case 'accepted':
    case 'awaiting_payer':
    case 'succeeded':
    case 'refused':
      return null;
  }
}

function methodFrom(text: string): Method {
  const parsed = parseMethod(text);
  if (!parsed.ok) throw unreadable(parsed.refusal.code);
  return parsed.value;
}
