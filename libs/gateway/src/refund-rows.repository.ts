import {
  attemptId,
  FAILURE_REASONS,
  paymentId,
  providerRef,
  refundId,
} from '@hutong/domain-events';
import type { PreparedRefund, RequestedRefund } from './gateway-port.js';
import type { Missing } from './missing-refund.js';
import type { RefundState } from './refund-state.js';
import { isLeft, moneyFrom, oneOf, there } from './row-values.repository.js';

/** A row of `refunds`, as the driver gives it. */
export type RefundRow = Readonly<{
  refund_id: string;
  attempt_id: string;
  payment_id: string;
  currency: string;
  amount_minor: bigint;
  reason: string | null;
  business_time: Date | null;
  traceparent: string | null;
  account: string;
  prepared_body: Uint8Array | null;
  prepared_fields: Readonly<Record<string, string>> | null;
  submitted_at: Date | null;
  sent_at: Date | null;
  status: string;
  unknown_cause: string | null;
  failure_reason: string | null;
  provider_ref: string | null;
  refunded_currency: string | null;
  refunded_minor: bigint | null;
  refunded_at: Date | null;
  missing_since: Date | null;
  missing_times: number;
  due_action: string | null;
  fence: bigint;
}>;

/** A refund as it is in the database. */
export type SavedRefund = Readonly<{
  refund: RequestedRefund;
  state: RefundState;
  /** As an attempt may be. */
  isLeft: boolean;
  prepared: PreparedRefund | undefined;
  /** First and last time. */
  submittedAt: Date | undefined;
  sentAt: Date | undefined;
  missing: Missing | undefined;
  businessTime: Date | undefined;
  traceparent: string | undefined;
}>;

/** @throws Error if the row is none that this library wrote: the constraints of the table forbid it. */
export function savedRefundFrom(row: RefundRow): SavedRefund {
  const about = {
    refundId: refundId(row.refund_id),
    attemptId: attemptId(row.attempt_id),
    account: row.account,
  };
  return {
    refund: {
      ...about,
      paymentId: paymentId(row.payment_id),
      amount: moneyFrom(row.amount_minor, row.currency),
      reason: row.reason ?? undefined,
    },
    state: stateFrom(row),
    isLeft: isLeft(row),
    prepared:
      row.prepared_body === null
        ? undefined
        : {
            ...about,
            body: row.prepared_body,
            fields: there(row.prepared_fields, 'prepared_fields'),
          },
    submittedAt: row.submitted_at ?? undefined,
    sentAt: row.sent_at ?? undefined,
    missing:
      row.missing_since === null
        ? undefined
        : { since: row.missing_since, times: row.missing_times },
    businessTime: row.business_time ?? undefined,
    traceparent: row.traceparent ?? undefined,
  };
}

function stateFrom(row: RefundRow): RefundState {
  switch (row.status) {
    case 'requested':
    case 'submitted':
    case 'pending':
      return { status: row.status };
    case 'unknown':
      return { status: 'unknown', cause: there(row.unknown_cause, 'unknown_cause') };
    case 'failed': {
      const reason = oneOf(FAILURE_REASONS, row.failure_reason, 'failure_reason');
      return { status: 'failed', reason };
    }
    case 'succeeded':
      return {
        status: 'succeeded',
        providerRef: providerRef(there(row.provider_ref, 'provider_ref')),
        amount: moneyFrom(
          there(row.refunded_minor, 'refunded_minor'),
          there(row.refunded_currency, 'refunded_currency'),
        ),
        refundedAt: there(row.refunded_at, 'refunded_at'),
      };
    default:
      throw new Error('column status holds what nobody wrote');
  }
}

/** The state as values of the columns that `REFUND_STATE_COLUMNS` names, in that order. */
export function refundStateValues(state: RefundState): readonly unknown[] {
  const back = state.status === 'succeeded' ? state : undefined;
  return [
    state.status,
    state.status === 'unknown' ? state.cause : null,
    state.status === 'failed' ? state.reason : null,
    back?.providerRef ?? null,
    back?.amount.currency ?? null,
    back?.amount.minor ?? null,
    back?.refundedAt ?? null,
  ];
}

export const REFUND_STATE_COLUMNS = [
  'status = %::text',
  'unknown_cause = %::text',
  'failure_reason = %::text',
  'provider_ref = %::text',
  'refunded_currency = %::text',
  'refunded_minor = %::bigint',
  'refunded_at = %::timestamptz',
] as const;
