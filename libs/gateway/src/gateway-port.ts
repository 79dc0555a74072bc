import type {
  Action,
  AttemptRequested,
  CloseReason,
  FailureReason,
  Instrument,
  ProviderRef,
  RefundRequested,
} from '@hutong/domain-events';
import type { Money } from '@hutong/money';
import type { Result } from '@hutong/result';
import type { SealedFields } from './sealed-fields.js';

/** What routing asked for, and the provider account that is to take the money. */
export type RequestedAttempt = Omit<AttemptRequested, 'type'> & Readonly<{ account: string }>;

/** Everything that asking the provider takes, the same each time. Holds no secret of the account. */
export type Prepared = Readonly<{
  /** The order number at the provider. */
  attemptId: RequestedAttempt['attemptId'];
  account: string;
  /** Sent as they are. */
  body: Uint8Array;
  /**
   * What asking again takes beside the order number, and what a notification is compared with. `instrument`,
   * if it is there, is whose app pays where no message says it.
   */
  fields: Readonly<Record<string, string>>;
  /** When the order ends at the provider: the payment's deadline, or the provider's minimum. */
  expiresAt: Date;
}>;

/** Why an attempt cannot even be put into the provider's words. Nothing was sent: certain. */
export type PrepareRefusal = Readonly<{
  code:
    | 'account_unknown'
    | 'method_unsupported'
    | 'amount_unsupported'
    | 'expiry_unsupported'
    /** The method needs something of the payer that was not sealed to us. */
    | 'payer_missing'
    /** Something was, and our keys do not open it. */
    | 'payer_unreadable';
}>;

/** Money that the provider took, verified. */
export type Paid = Readonly<{
  providerRef: ProviderRef;
  /** Whose app paid, as far as the provider tells it: known only now. */
  instrument: Instrument;
  amount: Money;
  /** At the provider. */
  paidAt: Date;
  /** Where the provider itself says that the order's time was over. */
  late?: boolean | undefined;
  /** What the provider finds wrong with it, although the money moved: a code, for people. */
  defect?: string | undefined;
}>;

/** The same by a message that may not say whose app it was: then it was the one that was asked for. */
export type PaidBySomebody = Omit<Paid, 'instrument'> & Partial<Pick<Paid, 'instrument'>>;

/** What a provider says of an order when it is asked. */
export type AttemptReport =
  | (Readonly<{ kind: 'succeeded' }> & Paid)
  /** Also of an order that comes to be only when its payer acts, as long as that may still happen. */
  | Readonly<{
      kind: 'awaiting_payer';
      /** Where asking tells it too: else only sending the same again can. */
      action?: Action | undefined;
    }>
  /** No such order, now: one that is on its way may still arrive, some minutes after its sending. */
  | Readonly<{ kind: 'not_found' }>
  | Readonly<{ kind: 'closed'; reason: CloseReason }>
  /** Certain: this order takes no money any more. */
  | Readonly<{ kind: 'failed'; reason: FailureReason }>
  /** Ask again, never under a new number. `cause` as in `attempt.unknown`. */
  | Readonly<{ kind: 'unknown'; cause: string }>;

/** What became of one sending of an order. */
export type SubmitReport =
  | Readonly<{ kind: 'awaiting_payer'; action: Action }>
  /** Paid in the same moment, as codes shown in store are. Verified: an answer that is not says nothing. */
  | (Readonly<{ kind: 'succeeded' }> & Paid)
  /** Certain for this sending: it was refused and made no order. An earlier one may have made one. */
  | Readonly<{ kind: 'failed'; reason: FailureReason }>
  /** Certain: nothing reached the provider. */
  | Readonly<{ kind: 'not_sent'; cause: string }>
  /** The order exists and is past paying for, one way or the other: asking tells at once. */
  | Readonly<{ kind: 'settled'; cause: string }>
  /** It may have arrived: ask, and never send it under a new number. `cause` as in `attempt.unknown`. */
  | Readonly<{ kind: 'unknown'; cause: string }>;

/** What became of one try to close an order. */
export type CloseReport =
  /** Certain: it takes no money any more, now or since an earlier try. */
  | Readonly<{ kind: 'closed' }>
  /** It was paid, or never there: asking tells which. */
  | Readonly<{ kind: 'settled'; cause: string }>
  /** Nothing follows from the answer: ask. `cause` as in `attempt.unknown`. */
  | Readonly<{ kind: 'unknown'; cause: string }>;

/** What routing asked for, and what the provider once took. */
export type RequestedRefund = Omit<RefundRequested, 'type'> & Readonly<{ account: string }>;

/** What was paid, and what its order was told to be: what a refund refers to. */
export type RefundedOrder = Readonly<{
  paid: Paid;
  fields: Prepared['fields'];
  /** Refunds of it that certainly failed, if any, as they were prepared: another way may be left. */
  failed?: readonly PreparedRefund['fields'][] | undefined;
}>;

/** Everything that asking for a refund takes, the same each time. Holds no secret of the account. */
export type PreparedRefund = Readonly<{
  /** The refund number at the provider. */
  refundId: RequestedRefund['refundId'];
  attemptId: RequestedRefund['attemptId'];
  account: string;
  body: Uint8Array;
  /** What asking again takes beside the number, and what a notification is compared with. */
  fields: Readonly<Record<string, string>>;
}>;

/** Money that the provider gave back, verified. */
export type Refunded = Readonly<{
  /** The provider's own number for the refund. */
  providerRef: ProviderRef;
  amount: Money;
  /** At the provider. */
  refundedAt: Date;
  /** As of payments. */
  defect?: string | undefined;
}>;

/** What a provider says of a refund. */
export type RefundReport =
  | (Readonly<{ kind: 'succeeded' }> & Refunded)
  /** It has it. `stuck`: it goes on only by hand, at the provider; a code, for people. */
  | Readonly<{ kind: 'pending'; stuck?: string | undefined }>
  /** Certain: this number gave nothing back, and never will. */
  | Readonly<{ kind: 'failed'; reason: FailureReason }>
  | Readonly<{ kind: 'unknown'; cause: string }>;

/** What became of one sending of a refund. A refusal is certain for this sending, as of an order. */
export type RefundSendReport = RefundReport | Readonly<{ kind: 'not_sent'; cause: string }>;

/** What a provider says of a refund when it is asked. */
export type RefundQueryReport =
  | RefundReport
  /** No such refund, now: one that is on its way may still arrive. */
  | Readonly<{ kind: 'not_found' }>
  /** None, and none can arrive any more: it has failed once that was said often enough. */
  | Readonly<{ kind: 'missing'; cause: string }>;

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
  /** No message of this provider at all, or one that can be read in two ways. */
  | 'malformed'
  | 'outside_window'
  | 'unknown_key'
  /** It brings its key along, and nobody whom we trust vouches for it. */
  | 'untrusted_key'
  | 'bad_signature'
  /** Its provider's, and neither of this account's merchant nor of an order of ours. */
  | 'other_merchant'
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
      paid: PaidBySomebody;
    }>
  | Readonly<{
      kind: 'refund';
      notificationId: string;
      refundNumber: string;
      /** Of the order that was paid, where the provider says it. */
      orderNumber?: string | undefined;
      /** Under the names of `PreparedRefund.fields`. */
      payee: Readonly<Record<string, string>>;
      /** What was asked to go back, as the provider has it. */
      amount: Money;
      report: Exclude<RefundReport, { kind: 'unknown' }>;
    }>
  /** Something moved, and only asking tells what: the order is asked for, or this refund of it. */
  | Readonly<{
      kind: 'hint';
      notificationId: string;
      orderNumber: string;
      refundNumber?: string | undefined;
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

/** What a notification that verifies tells. */
export type Told = Exclude<Notification, Readonly<{ kind: 'unverified' }>>;

/**
 * The provider's word to another merchant than the account's. Any of a provider's merchants can have such
 * sent to us: it is heard of an order that was made for that merchant, and refused of all others.
 */
export type ToStranger = Readonly<{
  kind: 'stranger';
  told: Told;
  /** Under the names of `Prepared.fields`. */
  payee: Readonly<Record<string, string>>;
  claims: Readonly<Record<string, string>>;
}>;

/** One provider, as the rest of a gateway sees it; what not all of them can is an interface of its own. */
export interface GatewayPort {
  /**
   * The exact bytes and fields to send, stored before anything is sent. Pure.
   * @param at now: the provider's shortest life of an order counts from here.
   * @param payer what was sealed to us of the payer; nothing, if nothing was.
   */
  prepare(
    attempt: RequestedAttempt,
    at: Date,
    payer: SealedFields,
  ): Result<Prepared, PrepareRefusal>;
  /** Idempotent: a retry sends the same bytes, with the attempt's id as order number. Never throws for the provider's sake. */
  submit(prepared: Prepared): Promise<SubmitReport>;
  /**
   * @param taken what our own record says that it took, if anything: to some providers an order whose
   *   money all went back is a closed one, as if it had never been paid.
   */
  query(prepared: Prepared, taken?: Paid): Promise<AttemptReport>;
  /** Verify raw bytes, decrypt, map. Pure. On `unknown_key` keys are read again, once, and it is asked again. */
  read(raw: RawNotification, receivedAt: Date): Notification | ToStranger;
}

/** A provider that closes an order before its end. */
export interface ClosingPort {
  /**
   * Idempotent. It may have been paid meanwhile: then it is not closed, and asking tells. Whatever ends
   * an order of this kind for certain: an order whose payer gave a code may have to be cancelled.
   * @param inDoubt whether nobody has answered yet that the order was made.
   */
  close(prepared: Prepared, inDoubt: boolean): Promise<CloseReport>;
  /**
   * Whether a close may give back what this order has taken. From its sending on a notice of payment can
   * be older than what went back: it is a reason to ask then, and no more.
   */
  mayGiveBack?(prepared: Prepared): boolean;
}

/** A provider that gives money back. */
export interface RefundingPort {
  /** The exact bytes and fields to send, stored before anything is sent. Pure. @param at now. */
  prepareRefund(
    refund: RequestedRefund,
    order: RefundedOrder,
    at: Date,
  ): Result<PreparedRefund, PrepareRefusal>;
  /** Idempotent: a retry sends the same bytes under the same number, never under another. */
  refund(prepared: PreparedRefund): Promise<RefundSendReport>;
  queryRefund(prepared: PreparedRefund): Promise<RefundQueryReport>;
}

/** A provider that hands out the keys which it signs with, and changes them. */
export interface ProviderKeys {
  /** As new as the provider asks for; where it cannot be asked, as they are. Never throws. */
  freshen(account: string): Promise<void>;
  /** Asked for at once, since somebody names a key that nobody knows. Never throws. */
  refresh(account: string): Promise<void>;
}
