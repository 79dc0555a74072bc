import {
  attemptId,
  CHANNELS,
  CLOSE_REASONS,
  FAILURE_REASONS,
  isInstrument,
  merchantId,
  parseMethod,
  paymentId,
  platformId,
  providerRef,
  type Action,
} from '@hutong/domain-events';
import type { AttemptState } from './attempt-state.js';
import type { Closing } from './closing.js';
import type { Prepared, RequestedAttempt } from './gateway-port.js';
import { bad, isLeft, moneyFrom, oneOf, there } from './row-values.repository.js';

/** A row of `attempts`, as the driver gives it. */
export type AttemptRow = Readonly<{
  attempt_id: string;
  payment_id: string;
  platform: string;
  merchant_id: string;
  method: string;
  currency: string;
  amount_minor: bigint;
  description: string;
  channel: string;
  return_url: string | null;
  sealed_payer: string | null;
  expires_at: Date;
  not_after: Date;
  business_time: Date | null;
  traceparent: string | null;
  account: string;
  prepared_body: Uint8Array | null;
  prepared_fields: Readonly<Record<string, string>> | null;
  provider_expires_at: Date | null;
  submitted_at: Date | null;
  status: string;
  action: (Omit<Action, 'validUntil'> & { validUntil: string }) | null;
  unknown_cause: string | null;
  unreached: string | null;
  failure_reason: string | null;
  close_reason: string | null;
  provider_ref: string | null;
  instrument: string | null;
  paid_currency: string | null;
  paid_minor: bigint | null;
  paid_at: Date | null;
  late: boolean | null;
  close_asked: string | null;
  close_asked_at: Date | null;
  close_sent_at: Date | null;
  sent_at: Date | null;
  due_action: string | null;
  fence: bigint;
}>;

/** An attempt as it is in the database. */
export type SavedAttempt = Readonly<{
  attempt: RequestedAttempt;
  state: AttemptState;
  /**
   * Sent, perhaps, in a time that this database has lost, under a name that it does not know: nothing is
   * due of it, since it is left to people.
   */
  isLeft: boolean;
  prepared: Prepared | undefined;
  submittedAt: Date | undefined;
  /** When it was sent last. */
  sentAt: Date | undefined;
  /** If it is to take no money any more. */
  closing: Closing | undefined;
  /** Carried by every report of it. */
  businessTime: Date | undefined;
  /** Of the command, so that reports belong to the payment's trace. */
  traceparent: string | undefined;
}>;

/** @throws Error if the row is none that this library wrote: the constraints of the table forbid it. */
export function savedFrom(row: AttemptRow): SavedAttempt {
  return {
    attempt: attemptFrom(row),
    state: stateFrom(row),
    isLeft: isLeft(row),
    prepared: preparedFrom(row),
    submittedAt: row.submitted_at ?? undefined,
    sentAt: row.sent_at ?? row.submitted_at ?? undefined,
    closing: closingFrom(row),
    businessTime: row.business_time ?? undefined,
    traceparent: row.traceparent ?? undefined,
  };
}

function attemptFrom(row: AttemptRow): RequestedAttempt {
  const method = parseMethod(row.method);
  if (!method.ok) throw bad('method');
  return {
    paymentId: paymentId(row.payment_id),
    attemptId: attemptId(row.attempt_id),
    platform: platformId(row.platform),
    merchantId: merchantId(row.merchant_id),
    method: method.value,
    amount: moneyFrom(row.amount_minor, row.currency),
    description: row.description,
    channel: oneOf(CHANNELS, row.channel, 'channel'),
    expiresAt: row.expires_at,
    notAfter: row.not_after,
    returnUrl: row.return_url ?? undefined,
    sealedPayer: row.sealed_payer ?? undefined,
    account: row.account,
  };
}

function stateFrom(row: AttemptRow): AttemptState {
  switch (row.status) {
    case 'requested':
      return { status: row.status, ...(row.unreached !== null && { unreached: row.unreached }) };
    case 'submitted':
      return { status: row.status };
    case 'awaiting_payer': {
      const { validUntil, ...action } = there(row.action, 'action');
      // Written by `stateColumns` from an Action, and by nobody else.
      return {
        status: 'awaiting_payer',
        action: { ...action, validUntil: new Date(validUntil) } as Action,
      };
    }
    case 'unknown':
      return { status: 'unknown', cause: there(row.unknown_cause, 'unknown_cause') };
    case 'succeeded': {
      const instrument = there(row.instrument, 'instrument');
      if (!isInstrument(instrument)) throw bad('instrument');
      return {
        status: 'succeeded',
        late: there(row.late, 'late'),
        providerRef: providerRef(there(row.provider_ref, 'provider_ref')),
        instrument,
        amount: moneyFrom(
          there(row.paid_minor, 'paid_minor'),
          there(row.paid_currency, 'paid_currency'),
        ),
        paidAt: there(row.paid_at, 'paid_at'),
      };
    }
    case 'failed':
      return {
        status: 'failed',
        reason: oneOf(FAILURE_REASONS, row.failure_reason, 'failure_reason'),
      };
    case 'closed':
      return { status: 'closed', reason: oneOf(CLOSE_REASONS, row.close_reason, 'close_reason') };
    default:
      throw bad('status');
  }
}

function closingFrom(row: AttemptRow): Closing | undefined {
  if (row.close_asked === null) return undefined;
  return {
    reason: oneOf(CLOSE_REASONS, row.close_asked, 'close_asked'),
    askedAt: there(row.close_asked_at, 'close_asked_at'),
    sentAt: row.close_sent_at ?? undefined,
  };
}

function preparedFrom(row: AttemptRow): Prepared | undefined {
  if (row.prepared_body === null) return undefined;
  return {
    attemptId: attemptId(row.attempt_id),
    account: row.account,
    body: row.prepared_body,
    fields: there(row.prepared_fields, 'prepared_fields'),
    expiresAt: there(row.provider_expires_at, 'provider_expires_at'),
  };
}

/** The state as values of the columns that `STATE_COLUMNS` names, in that order. */
export function stateValues(state: AttemptState): readonly unknown[] {
  const paid = state.status === 'succeeded' ? state : undefined;
  return [
    state.status,
    state.status === 'awaiting_payer' ? JSON.stringify(state.action) : null,
    state.status === 'unknown' ? state.cause : null,
    state.status === 'requested' ? (state.unreached ?? null) : null,
    state.status === 'failed' ? state.reason : null,
    state.status === 'closed' ? state.reason : null,
    paid?.providerRef ?? null,
    paid?.instrument ?? null,
    paid?.amount.currency ?? null,
    paid?.amount.minor ?? null,
    paid?.paidAt ?? null,
    paid?.late ?? null,
  ];
}

/** What `stateValues` fills, with the types that parameters need. */
export const STATE_COLUMNS = [
  'status = %::text',
  'action = %::jsonb',
  'unknown_cause = %::text',
  'unreached = %::text',
  'failure_reason = %::text',
  'close_reason = %::text',
  'provider_ref = %::text',
  'instrument = %::text',
  'paid_currency = %::text',
  'paid_minor = %::bigint',
  'paid_at = %::timestamptz',
  'late = %::boolean',
] as const;
