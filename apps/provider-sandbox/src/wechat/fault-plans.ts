import { assertNever } from '@hutong/result';
import type { Fault } from '../faults/faults.js';
import { isErrorCode, wechatRefusal } from './refusal.js';
import type { RefundEnd } from './refund.js';
import { ACCEPTED, refused, type Reply } from './reply.js';
import { isFaultOf, type ApiCall, type FaultKind, type NotifyCall } from './wechat-faults.js';

/** How a signature goes out: as it should, over something else, or as one of WeChat's forged probes. */
export type SignatureKind = 'good' | 'bad' | 'probe';

/** What a call of the API goes through. The plan without a fault changes nothing. */
export type CallPlan = Readonly<{
  delayMs: number;
  dropRequest: boolean;
  /** Answered instead of doing anything. */
  instead: Reply | undefined;
  extraFen: number;
  /** The order is paid after this call closed it, so much later. */
  payAfterMs: number | undefined;
  /** How a refund ends, and how much later than it would. */
  refund: RefundPlan;
  /** Told in place of the true answer. */
  told: Reply | undefined;
  answerDelayMs: number;
  dropAnswer: boolean;
  signature: SignatureKind;
}>;

/** `undefined` leaves it PROCESSING. */
export type RefundPlan = Readonly<{ end: RefundEnd | undefined; laterMs: number }>;

const ENDS_WELL: RefundPlan = { end: 'SUCCESS', laterMs: 0 };

const NO_FAULT: CallPlan = {
  delayMs: 0,
  dropRequest: false,
  instead: undefined,
  extraFen: 0,
  payAfterMs: undefined,
  refund: ENDS_WELL,
  told: undefined,
  answerDelayMs: 0,
  dropAnswer: false,
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
    case 'drop_request':
      return { dropRequest: true };
    case 'drop_answer':
      return { dropAnswer: true };
    case 'delay':
      return { delayMs };
    case 'delay_answer':
      return { answerDelayMs: delayMs };
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
    default:
      return assertNever(kind);
  }
}

/** What one try of a notification goes through. */
export type TryPlan = Readonly<{
  /** Nothing is sent, now or later. */
  never: boolean;
  delayMs: number;
  probeFirst: boolean;
  lost: boolean;
  copies: 1 | 2;
  unheard: boolean;
  again: boolean;
  extraFen: number;
  key: 'publicKey' | 'certificate';
  signature: SignatureKind;
}>;

const GOOD_TRY: TryPlan = {
  never: false,
  delayMs: 0,
  probeFirst: false,
  lost: false,
  copies: 1,
  unheard: false,
  again: false,
  extraFen: 0,
  key: 'publicKey',
  signature: 'good',
};

/** @throws Error if notifications do not know the fault: arming checks that. */
export function tryPlanOf(call: NotifyCall, fault: Fault | undefined): TryPlan {
  if (fault === undefined) return GOOD_TRY;
  if (!isFaultOf(call, fault.fault)) throw new Error(`no fault of ${call}`);
  return { ...GOOD_TRY, ...changesOfTry(fault, fault.fault) };
}

function changesOfTry({ delayMs }: Fault, kind: FaultKind<NotifyCall>): Partial<TryPlan> {
  switch (kind) {
    case 'no_notification':
      return { never: true };
    case 'drop_request':
      return { lost: true };
    case 'delay':
      return { delayMs };
    case 'drop_answer':
      return { unheard: true };
    case 'bad_signature':
      return { signature: 'bad' };
    case 'signtest':
      return { probeFirst: true };
    case 'certificate_key':
      return { key: 'certificate' };
    case 'wrong_amount':
      return { extraFen: 1 };
    case 'duplicate_notification':
      return { again: true };
    case 'parallel_notification':
      return { copies: 2 };
    default:
      return assertNever(kind);
  }
}
