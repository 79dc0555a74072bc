import type { FaultCatalogue } from '../faults/known-faults.js';
import { TRY_FAULTS } from '../notifying/try-plan.js';
import { WIRE_FAULTS } from '../wire/wire-plan.js';
import { isResultCode } from './result-code.js';

/** The signature does not verify; or it does, with a certificate that nobody may believe. */
const faultySignatures = ['bad_signature', 'wrong_subject', 'expired', 'foreign_chain'] as const;

/** On its way to us or back: for every call. */
const onTheWire = [
  ...WIRE_FAULTS,
  /** Nothing happened, and the HTTP status is 500. */
  'error_500',
  /** It happened, and the HTTP status is 500 all the same. */
  'error_500_after',
  /** Answered with `code`, and nothing happened. */
  'refuse',
  /** It happened, and is answered with `code`: 03, 04 or 05, which say that nobody knows. */
  'answer_code',
  ...faultySignatures,
  /** Neither certificate nor signature. */
  'unsigned',
  /** A value has a brace that is never closed: nobody can say where it ends. */
  'unbalanced',
] as const;

const onRefunding = [
  ...onTheWire,
  /** Accepted, and ends later in `code`, 01 if none is said. Nobody is told. */
  'ends_failed',
  /** The same, and its merchant is told, as one comment of the official demos has it. */
  'ends_failed_told',
  /** Ends well, with a defect. */
  'ends_a6',
  /** Ends `delayMs` later than it would, of the ladder's time. */
  'ends_late',
  /** Stays under way until the control API ends it. */
  'never_ends',
] as const;

/** Each strikes one try of a notification. */
const onNotifying = [...TRY_FAULTS, ...faultySignatures, 'wrong_amount'] as const;

/** Which faults each call knows; the control API refuses others. */
export const UNIONPAY_FAULTS = {
  /** Orders of every kind: page, app and both codes. */
  create: [
    ...onTheWire,
    /** A payment with the payer's code succeeds with a defect; others by whoever pays. */
    'pays_a6',
  ],
  query: [
    ...onTheWire,
    /** Tells one fen more than the books have. */
    'wrong_amount',
    /** The query works, and tells `code` of the transaction, whatever became of it. */
    'orig_code',
  ],
  refund: onRefunding,
  undo: onRefunding,
  /** Of payments. */
  notify: onNotifying,
  /** Of refunds and undos. */
  notify_refund: onNotifying,
} as const;

export type UnionpayCall = keyof typeof UNIONPAY_FAULTS;
export type NotifyCall = 'notify' | 'notify_refund';
export type ApiCall = Exclude<UnionpayCall, NotifyCall>;
export type FaultKind<C extends UnionpayCall> = (typeof UNIONPAY_FAULTS)[C][number];

export const UNIONPAY_CATALOGUE: FaultCatalogue = {
  provider: 'unionpay',
  calls: UNIONPAY_FAULTS,
  sayAnError: ['answer_code', 'orig_code'],
  isErrorCode: isResultCode,
};

/** Whether this call knows a fault of that name. */
export function isFaultOf<C extends UnionpayCall>(call: C, text: string): text is FaultKind<C> {
  const known: readonly string[] = UNIONPAY_FAULTS[call];
  return known.includes(text);
}

export const isNotifyCall = (text: string): text is NotifyCall =>
  text === 'notify' || text === 'notify_refund';
