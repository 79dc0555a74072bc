import type { FaultCatalogue } from '../faults/known-faults.js';
import { TRY_FAULTS } from '../notifying/try-plan.js';
import { WIRE_FAULTS } from '../wire/wire-plan.js';
import { isErrorCode } from './refusal.js';

/** For every call of the API. */
const onTheWire = [
  ...WIRE_FAULTS,
  /** SYSTEM_ERROR, and nothing happened. */
  'error_500',
  /** SYSTEM_ERROR, and it happened all the same. */
  'error_500_after',
  /** FREQUENCY_LIMITED, and nothing happened. */
  'rate_limited',
  /** 202: accepted, not processed; nothing happened. */
  'accepted_202',
  /** Refused with the error `code`, and nothing happened. */
  'refuse',
  /** It happens; the answer's signature is of something else. */
  'bad_signature',
  /** It happens; the answer carries one of WeChat's forged probes as signature. */
  'signtest',
] as const;

/** Each strikes one try of a notification. */
const onNotifying = [
  ...TRY_FAULTS,
  'bad_signature',
  /** A forged probe comes first, then the good one. */
  'signtest',
  /** Signed by the platform certificate instead of the public key, as during WeChat's migration. */
  'certificate_key',
  'wrong_amount',
] as const;

/** Which faults each call knows; the control API refuses others. */
export const WECHAT_FAULTS = {
  create: onTheWire,
  query: [
    ...onTheWire,
    /** Tells one fen more than was asked. */
    'wrong_amount',
  ],
  close: [
    ...onTheWire,
    /** It is closed, and then paid all the same, `delayMs` later. */
    'success_after_close',
  ],
  refund: [
    ...onTheWire,
    'wrong_amount',
    /** It ends, but not well: the payer's account does not take it; it is given up. */
    'ends_abnormal',
    'ends_closed',
    /** It ends `delayMs` later than it would, of the ladder's time. */
    'ends_late',
    /** It stays PROCESSING until the control API ends it. */
    'never_ends',
  ],
  query_refund: [...onTheWire, 'wrong_amount'],
  certificates: onTheWire,
  /** Of payments. */
  notify: onNotifying,
  notify_refund: onNotifying,
} as const;

export type WechatCall = keyof typeof WECHAT_FAULTS;
export type NotifyCall = 'notify' | 'notify_refund';
export type ApiCall = Exclude<WechatCall, NotifyCall>;

export type FaultKind<C extends WechatCall> = (typeof WECHAT_FAULTS)[C][number];

/** Whether this call knows a fault of that name. */
export function isFaultOf<C extends WechatCall>(call: C, text: string): text is FaultKind<C> {
  const known: readonly string[] = WECHAT_FAULTS[call];
  return known.includes(text);
}

/** What the control API may arm. */
export const WECHAT_CATALOGUE: FaultCatalogue = {
  provider: 'wechat',
  calls: WECHAT_FAULTS,
  isErrorCode,
};

export const isNotifyCall = (text: string): text is NotifyCall =>
  text === 'notify' || text === 'notify_refund';
