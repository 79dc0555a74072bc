import type {
  Channel,
  CloseReason,
  MerchantId,
  PayerKey,
  PaymentId,
  PaymentNotOffered,
  PaymentOffered,
  PlatformId,
} from '@hutong/domain-events';
import type { Money } from '@hutong/money';
import type { Attempt } from './attempt.js';
import type { Receipt } from './receipt.js';
import type { Refund } from './refund.js';
import type { Surplus } from './surplus.js';

/** What was asked for. It never changes. */
export type Terms = Readonly<{
  id: PaymentId;
  platform: PlatformId;
  merchantId: MerchantId;
  /** The platform's own order number, unique per platform and merchant. */
  orderReference: string;
  amount: Money;
  description: string;
  channel: Channel;
  payerKey: PayerKey;
  requestedAt: Date;
  expiresAt: Date;
  /** Only in the story: goes with everything that is announced of this payment. */
  businessTime?: Date | undefined;
}>;

/** Routing's answer to what may be offered: the newest of them, by its number. */
export type Decision = PaymentOffered | PaymentNotOffered;

/** Why a payment as a whole is closed; that another attempt won is a reason to close attempts only. */
export type PaymentCloseReason = Exclude<CloseReason, 'other_attempt_won'>;
export const PAYMENT_CLOSE_REASONS = [
  'expired',
  'cancelled',
] as const satisfies readonly PaymentCloseReason[];

/** A payment that routing has answered: from here on there may be attempts, and money. */
export type Decided = Terms &
  Readonly<{
    decision: Decision;
    /** In the order in which they were chosen. Several may be open. */
    attempts: readonly Attempt[];
    surplus: readonly Surplus[];
  }>;

export type Requested = Terms & Readonly<{ status: 'requested' }>;
/** No way to pay, and no attempt that ever reached a provider: the order may be asked for anew. */
export type NotOffered = Decided & Readonly<{ status: 'not_offered' }>;
export type Offered = Decided & Readonly<{ status: 'offered' }>;
/** At least one attempt may take money. */
export type Paying = Decided & Readonly<{ status: 'paying' }>;
/** To end unpaid, but at least one attempt may still take money: then it is paid all the same. */
export type Closing = Decided & Readonly<{ status: 'closing'; reason: PaymentCloseReason }>;
/** Ended unpaid, every attempt being certain to take nothing. Maybe before routing ever answered. */
export type Closed = Terms &
  Pick<Decided, 'attempts' | 'surplus'> &
  Readonly<{ status: 'closed'; reason: PaymentCloseReason; decision?: Decision | undefined }>;

/** `receipt` is the winner: the first money of the asked amount. */
type Won = Decided &
  Readonly<{
    receipt: Receipt;
    /** What the merchant asked to give back of it, in that order. */
    refunds: readonly Refund[];
  }>;
/** Nothing of it has gone back so far. */
export type Paid = Won & Readonly<{ status: 'paid' }>;
export type PartlyRefunded = Won & Readonly<{ status: 'partly_refunded' }>;
export type Refunded = Won & Readonly<{ status: 'refunded' }>;
/** A payment that was paid, whatever of it went back since. */
export type WonPayment = Paid | PartlyRefunded | Refunded;

export type Payment = Requested | NotOffered | Offered | Paying | Closing | Closed | WonPayment;

/** A payment that has moved on from being requested: it may have attempts and money. */
export type MovedPayment = Exclude<Payment, Requested>;

export const isWon = (p: Payment): p is WonPayment => won[p.status];

const won: Readonly<Record<Payment['status'], boolean>> = {
  requested: false,
  offered: false,
  paying: false,
  not_offered: false,
  closing: false,
  closed: false,
  paid: true,
  partly_refunded: true,
  refunded: true,
};

/** What belongs to a payment, whatever its status. */
export type Belongings = Readonly<{
  attempts: readonly Attempt[];
  /** What paid it. */
  receipt: Receipt | undefined;
  refunds: readonly Refund[];
  surplus: readonly Surplus[];
}>;

/** @param p undefined before it was requested. */
export function belongingsOf(p: Payment | undefined): Belongings {
  if (p === undefined || p.status === 'requested') {
    return { attempts: [], receipt: undefined, refunds: [], surplus: [] };
  }
  const { attempts, surplus } = p;
  return isWon(p)
    ? { attempts, receipt: p.receipt, refunds: p.refunds, surplus }
    : { attempts, receipt: undefined, refunds: [], surplus };
}
