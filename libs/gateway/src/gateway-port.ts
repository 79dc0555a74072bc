import type {
  Action,
  AttemptRequested,
  CloseReason,
  FailureReason,
  Instrument,
  ProviderRef,
} from '@hutong/domain-events';
import type { Money } from '@hutong/money';
import type { Result } from '@hutong/result';

/** What routing asked for, and the provider account that is to take the money. */
export type RequestedAttempt = Omit<AttemptRequested, 'type'> & Readonly<{ account: string }>;

/** Everything that asking the provider takes, the same each time. Holds no secret of the account. */
export type Prepared = Readonly<{
  /** The order number at the provider. */
  attemptId: RequestedAttempt['attemptId'];
  account: string;
  /** Sent as they are. */
  body: Uint8Array;
  /** What asking again takes beside the order number, and what a notification is compared with. */
  fields: Readonly<Record<string, string>>;
  /** When the order ends at the provider: the payment's deadline, or the provider's minimum. */
  expiresAt: Date;
}>;

/** Why an attempt cannot even be put into the provider's words. Nothing was sent: certain. */
export type PrepareRefusal = Readonly<{
  code: 'account_unknown' | 'method_unsupported' | 'amount_unsupported' | 'expiry_unsupported';
}>;

/** Money that the provider took, verified. */
export type Paid = Readonly<{
  providerRef: ProviderRef;
  /** Whose app paid: known only now. */
  instrument: Instrument;
  amount: Money;
  /** At the provider. */
  paidAt: Date;
}>;

/** What a provider says of an order when it is asked. */
export type AttemptReport =
  | (Readonly<{ kind: 'succeeded' }> & Paid)
  | Readonly<{ kind: 'awaiting_payer' }>
  /** No such order, now: one that is on its way may still arrive. */
  | Readonly<{ kind: 'not_found' }>
  | Readonly<{ kind: 'closed'; reason: CloseReason }>
  /** Certain: this order takes no money any more. */
  | Readonly<{ kind: 'failed'; reason: FailureReason }>
  /** Ask again, never under a new number. `cause` as in `attempt.unknown`. */
  | Readonly<{ kind: 'unknown'; cause: string }>;

/** What became of one sending of an order. */
export type SubmitReport =
  | Readonly<{ kind: 'awaiting_payer'; action: Action }>
  /** Certain for this sending: it was refused and made no order. An earlier one may have made one. */
  | Readonly<{ kind: 'failed'; reason: FailureReason }>
  /** Certain: nothing reached the provider. */
  | Readonly<{ kind: 'not_sent'; cause: string }>
  /** The order exists and is past paying for, one way or the other: asking tells at once. */
  | Readonly<{ kind: 'settled'; cause: string }>
  /** It may have arrived: ask, and never send it under a new number. `cause` as in `attempt.unknown`. */
  | Readonly<{ kind: 'unknown'; cause: string }>;

/** A notification as it came in. */
export type RawNotification = Readonly<{
  /** By the address at which it arrived. */
  account: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Uint8Array;
}>;

/** Why a notification is not its provider's, as a code for metrics and samples. */
export type Unverified =
  | 'account_unknown'
  | 'headers_missing'
  | 'outside_window'
  | 'unknown_key'
  | 'bad_signature'
  | 'not_decryptable';

/** What a notification turned out to be. */
export type Notification =
  | Readonly<{
      kind: 'succeeded';
      /** The same in every retry. */
      notificationId: string;
      orderNumber: string;
      /** Who took the money, under the names of `Prepared.fields`. */
      payee: Readonly<Record<string, string>>;
      paid: Paid;
    }>
  /** The provider's word, but nothing that we can act on: kept for people, and the order is asked for. */
  | Readonly<{
      kind: 'odd';
      notificationId: string;
      reason: string;
      orderNumber?: string | undefined;
    }>
  | Readonly<{
      kind: 'unverified';
      reason: Unverified;
      /** Which key it names, and when: what helps to find out why. Nothing of what it says. */
      claims: Readonly<Record<string, string>>;
    }>;

/** One provider, as the rest of a gateway sees it. Closing and refunding are interfaces of their own. */
export interface GatewayPort {
  /**
   * The exact bytes and fields to send, stored before anything is sent. Pure.
   * @param at now: the provider's shortest life of an order counts from here.
   */
  prepare(attempt: RequestedAttempt, at: Date): Result<Prepared, PrepareRefusal>;
  /** Idempotent: a retry sends the same bytes, with the attempt's id as order number. Never throws for the provider's sake. */
  submit(prepared: Prepared): Promise<SubmitReport>;
  query(prepared: Prepared): Promise<AttemptReport>;
  /** Verify raw bytes, decrypt, map. Pure. On `unknown_key` keys are read again, once, and it is asked again. */
  read(raw: RawNotification, receivedAt: Date): Notification;
}
