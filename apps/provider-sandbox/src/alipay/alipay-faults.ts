import type { FaultCatalogue } from '../faults/known-faults.js';
import { TRY_FAULTS } from '../notifying/try-plan.js';
import { WIRE_FAULTS } from '../wire/wire-plan.js';
import { isSubCode } from './refusal.js';

/** For every call of the API. */
const onTheWire = [
  ...WIRE_FAULTS,
  /** HTTP 500 with a page, and nothing happened; and it happened all the same. */
  'error_500',
  'error_500_after',
  /** 20000: nobody knows. Nothing happened; and it happened all the same. */
  'unknown_20000',
  'unknown_20000_after',
  /** 40004 with ACQ.SYSTEM_ERROR, and nothing happened; and it happened all the same. */
  'system_error',
  'system_error_after',
  /** 40005, and nothing happened. */
  'rate_limited',
  /** Refused with the finer code `code`, and nothing happened. */
  'refuse',
  /** It happens; the answer's signature is of something else, or missing. */
  'bad_signature',
  'unsigned',
  /** It happens; what is signed has `/` where the answer has `\/`, as was seen of Alipay. */
  'slashes_plain',
] as const;

/** Each strikes one try of a notification. */
const onNotifying = [...TRY_FAULTS, 'bad_signature', 'wrong_amount'] as const;

/** Which faults each call knows; the control API refuses others. */
export const ALIPAY_FAULTS = {
  precreate: onTheWire,
  pay: [
    ...onTheWire,
    /** 10003: the trade waits until its payer agrees. */
    'asks_payer',
    'wrong_amount',
  ],
  query: [
    ...onTheWire,
    /** Tells one fen more than the books have. */
    'wrong_amount',
  ],
  close: [
    ...onTheWire,
    /** It is closed, and then paid all the same, `delayMs` later. */
    'success_after_close',
    /** The merchant is told, which Alipay does not do unless it was asked to. */
    'notifies',
  ],
  cancel: [
    ...onTheWire,
    /** Not done yet: `retry_flag` is Y. */
    'retry',
    'success_after_close',
    'notifies',
  ],
  refund: [
    ...onTheWire,
    'wrong_amount',
    /** Accepted, `fund_change` N; the money moves `delayMs` later, of the ladder's time. */
    'moves_late',
    /** Accepted, `fund_change` N; the money never moves under this asking. */
    'never_moves',
    'notifies',
  ],
  query_refund: [...onTheWire, 'wrong_amount'],
  certificate: onTheWire,
  /** Of payments. */
  notify: onNotifying,
  /** Of refunds and closings, where they are told at all. */
  notify_refund: onNotifying,
  notify_close: onNotifying,
} as const;

export type AlipayCall = keyof typeof ALIPAY_FAULTS;
export type NotifyCall = 'notify' | 'notify_refund' | 'notify_close';
export type ApiCall = Exclude<AlipayCall, NotifyCall>;

export type FaultKind<C extends AlipayCall> = (typeof ALIPAY_FAULTS)[C][number];

/** Whether this call knows a fault of that name. */
export function isFaultOf<C extends AlipayCall>(call: C, text: string): text is FaultKind<C> {
  const known: readonly string[] = ALIPAY_FAULTS[call];
  return known.includes(text);
}

export const isNotifyCall = (text: string): text is NotifyCall =>
  text === 'notify' || text === 'notify_refund' || text === 'notify_close';

/** What the control API may arm. */
export const ALIPAY_CATALOGUE: FaultCatalogue = {
  provider: 'alipay',
  calls: ALIPAY_FAULTS,
  isErrorCode: isSubCode,
};
