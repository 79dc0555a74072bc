import { assertNever } from '@hutong/result';
import type { Fault } from '../faults/faults.js';
import { changesOfTry, plainTry, type TryPlan } from '../notifying/try-plan.js';
import { changesOfWire, PLAIN_WIRE, type WirePlan } from '../wire/wire-plan.js';
import { isErrorCode, wechatRefusal } from './refusal.js';
import type { RefundEnd } from './refund.js';
import { ACCEPTED, refused, type Reply } from './reply.js';
import { isFaultOf, type ApiCall, type FaultKind, type NotifyCall } from './wechat-faults.js';

/** How a signature goes out: as it should, over something else, or as one of WeChat's forged probes. */
export type SignatureKind = 'good' | 'bad' | 'probe';

/** What a call of the API goes through. The plan without a fault changes nothing. */
export type CallPlan = WirePlan &
  Readonly<{
    /** Answered instead of doing anything. */
    instead: Reply | undefined;
    extraFen: number;
    /** The order is paid after this call closed it, so much later. */
    payAfterMs: number | undefined;
    /** How a refund ends, and how much later than it would. */
    refund: RefundPlan;
    /** Told in place of the true answer. */
    told: Reply | undefined;
    signature: SignatureKind;
  }>;

/** `undefined` leaves it PROCESSING. */
export type RefundPlan = Readonly<{ end: RefundEnd | undefined; laterMs: number }>;

const ENDS_WELL: RefundPlan = { end: 'SUCCESS', laterMs: 0 };

const NO_FAULT: CallPlan = {
  ...PLAIN_WIRE,
  instead: undefined,
  extraFen: 0,
  payAfterMs: undefined,
  refund: ENDS_WELL,
  told: undefined,
  signature: 'good',
};

/** @throws Error if the call does not know the fault: arming checks that. */
export function callPlanOf(call: ApiCall, fault: Fault | undefined): CallPlan {
  if (fault === undefined) return NO_FAULT;
  if (!isFaultOf(call, fault.fault)) throw new Error(`no fault of ${call}`);
  return { ...NO_FAULT, ...changes(fault, fault.fault) };
}

function changes({ delayMs, code }: Fault, kind: FaultKind<ApiCall>): Partial<CallPlan> {
  switch (kind) {
    case 'error_500':
      return { instead: refused(wechatRefusal('SYSTEM_ERROR')) };
    case 'error_500_after':
      return { told: refused(wechatRefusal('SYSTEM_ERROR')) };
    case 'rate_limited':
      return { instead: refused(wechatRefusal('FREQUENCY_LIMITED')) };
    case 'accepted_202':
      return { instead: ACCEPTED };
    case 'refuse':
      if (code === undefined || !isErrorCode(code)) throw new Error('refuse needs an error code');
      return { instead: refused(wechatRefusal(code)) };
    case 'bad_signature':
      return { signature: 'bad' };
    case 'signtest':
      return { signature: 'probe' };
    case 'wrong_amount':
      return { extraFen: 1 };
    case 'success_after_close':
      return { payAfterMs: delayMs };
    case 'ends_abnormal':
      return { refund: { end: 'ABNORMAL', laterMs: 0 } };
    case 'ends_closed':
      return { refund: { end: 'CLOSED', laterMs: 0 } };
    case 'ends_late':
      return { refund: { end: 'SUCCESS', laterMs: delayMs } };
    case 'never_ends':
      return { refund: { end: undefined, laterMs: 0 } };
    case 'drop_request':
    case 'drop_answer':
    case 'delay':
    case 'delay_answer':
      return changesOfWire(kind, delayMs);
    default:
      return assertNever(kind);
  }
}

/** What of a notification may differ from try to try. */
export type Manner = Readonly<{
  key: 'publicKey' | 'certificate';
  signature: SignatureKind;
  extraFen: number;
}>;

export const TRUE_AND_GOOD: Manner = { key: 'publicKey', signature: 'good', extraFen: 0 };

/** @throws Error if notifications do not know the fault: arming checks that. */
export function tryPlanOf(call: NotifyCall, fault: Fault | undefined): TryPlan<Manner> {
  const plain = plainTry(TRUE_AND_GOOD);
  if (fault === undefined) return plain;
  if (!isFaultOf(call, fault.fault)) throw new Error(`no fault of ${call}`);
  return { ...plain, ...changesOf(fault, fault.fault) };
}

function changesOf({ delayMs }: Fault, kind: FaultKind<NotifyCall>): Partial<TryPlan<Manner>> {
  switch (kind) {
    case 'bad_signature':
      return { how: { ...TRUE_AND_GOOD, signature: 'bad' } };
    case 'signtest':
      return { forgedFirst: true };
    case 'certificate_key':
      return { how: { ...TRUE_AND_GOOD, key: 'certificate' } };
    case 'wrong_amount':
      return { how: { ...TRUE_AND_GOOD, extraFen: 1 } };
    case 'no_notification':
    case 'drop_request':
    case 'delay':
    case 'drop_answer':
    case 'duplicate_notification':
    case 'parallel_notification':
    case 'reorder':
      return changesOfTry(kind, delayMs);
    default:
      return assertNever(kind);
  }
}
