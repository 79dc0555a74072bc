import type { SurplusReason } from '@hutong/domain-events';
import type { Payment } from './payment.js';

type Status = Payment['status'];
/** Every status that may follow; which of them does, the attempts and refunds decide. */
type To = readonly Status[];

/** What may happen to a payment, and what follows in one status. */
type Row = Readonly<{
  /** A newer decision of routing. An older one, told late, never means anything. */
  decision: To | 'duplicate';
  /** The payer chooses a method. */
  choice: To | 'refuse';
  /** The asked amount comes: it wins, or is surplus and why. `refuse`: there is no attempt to take it. */
  money: To | SurplusReason | 'refuse';
  /** Another amount comes, or there is other news of an attempt that the attempt's own table takes. */
  attempt: To | 'refuse';
  /** Its platform or its deadline asks to close it. */
  close: To | 'duplicate' | 'refuse';
  /** The merchant asks for money back. */
  refund: To | 'refuse';
  /** A refund of the payment's money has succeeded. */
  refunded: To | 'refuse';
}>;

export type PaymentHappening = keyof Row;

/** The statuses, in the order in which a reader meets them. */
export const STATUSES = [
  'requested',
  'not_offered',
  'offered',
  'paying',
  'closing',
  'closed',
  'paid',
  'partly_refunded',
  'refunded',
] as const satisfies readonly Status[];

export const HAPPENINGS = [
  'decision',
  'choice',
  'attempt',
  'money',
  'close',
  'refund',
  'refunded',
] as const satisfies readonly PaymentHappening[];

/**
 * The payment's half of the state machine: what each happening means in each status. `docs/payment-states.md`
 * shows it, and the specs hold the machine to it, whatever happens in whatever order.
 */
export const paymentTable = {
  requested: {
    decision: ['offered', 'not_offered'],
    choice: 'refuse',
    money: 'refuse',
    attempt: 'refuse',
    close: ['closed'],
    refund: 'refuse',
    refunded: 'refuse',
  },
  offered: {
    decision: ['offered', 'not_offered'],
    choice: ['paying'],
    money: ['paid'],
    attempt: ['offered'],
    close: ['closed'],
    refund: 'refuse',
    refunded: 'refuse',
  },
  paying: {
    decision: ['paying'],
    choice: ['paying'],
    money: ['paid'],
    attempt: ['paying', 'offered', 'not_offered'],
    close: ['closing'],
    refund: 'refuse',
    refunded: 'refuse',
  },
  // Final: by now the order may have another payment, and must not be paid twice.
  not_offered: {
    decision: 'duplicate',
    choice: 'refuse',
    money: 'after_close',
    attempt: ['not_offered'],
    close: 'duplicate',
    refund: 'refuse',
    refunded: 'refuse',
  },
  closing: {
    decision: 'duplicate',
    choice: 'refuse',
    money: ['paid'],
    attempt: ['closing', 'closed'],
    close: 'duplicate',
    refund: 'refuse',
    refunded: 'refuse',
  },
  // Final, as `not_offered` is.
  closed: {
    decision: 'duplicate',
    choice: 'refuse',
    money: 'after_close',
    attempt: ['closed'],
    close: 'duplicate',
    refund: 'refuse',
    refunded: 'refuse',
  },
  paid: {
    decision: 'duplicate',
    choice: 'refuse',
    money: 'second_success',
    attempt: ['paid'],
    close: 'refuse',
    refund: ['paid'],
    refunded: ['partly_refunded', 'refunded'],
  },
  partly_refunded: {
    decision: 'duplicate',
    choice: 'refuse',
    money: 'second_success',
    attempt: ['partly_refunded'],
    close: 'refuse',
    refund: ['partly_refunded'],
    refunded: ['partly_refunded', 'refunded'],
  },
  refunded: {
    decision: 'duplicate',
    choice: 'refuse',
    money: 'second_success',
    attempt: ['refunded'],
    close: 'refuse',
    refund: 'refuse', // nothing is left
    refunded: 'refuse',
  },
} as const satisfies Readonly<Record<Status, Row>>;

/** One move that the table lists. */
export type Move = Readonly<{ from: Status; on: PaymentHappening; to: Status }>;

/** Every move that a table lists, in its order. */
export const movesOf = (table: Readonly<Record<Status, Row>>): Move[] =>
  STATUSES.flatMap((from) =>
    HAPPENINGS.flatMap((on) => {
      const cell = table[from][on];
      return typeof cell === 'string' ? [] : cell.map((to) => ({ from, on, to }));
    }),
  );
