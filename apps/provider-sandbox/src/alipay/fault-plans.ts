import { assertNever } from '@hutong/result';
import type { Fault } from '../faults/faults.js';
import { changesOfTry, plainTry, type TryPlan } from '../notifying/try-plan.js';
import { changesOfWire, PLAIN_WIRE, type WirePlan } from '../wire/wire-plan.js';
import { isFaultOf, type ApiCall, type FaultKind, type NotifyCall } from './alipay-faults.js';
import { alipayRefusal, isSubCode } from './refusal.js';
import { refused, type Reply } from './reply.js';

/** How an answer goes out: as it should, signed over something else, or not signed at all. */
export type AnswerSignature = 'good' | 'bad' | 'none' | 'plain_slashes';

/** What a call of the API goes through. The plan without a fault changes nothing. */
export type CallPlan = WirePlan &
  Readonly<{
    /** Answered instead of doing anything. */
    instead: Reply | 'http_500' | undefined;
    extraFen: number;
    /** trade.pay waits for the payer's word. */
    asksPayer: boolean;
    /** The trade is paid after this call closed it, so much later. */
    payAfterMs: number | undefined;
    /** Whether the money of a refund moves at once, so much later, or never. */
    moves: RefundMove;
    /** The merchant is told of what Alipay usually keeps to itself. */
    notifies: boolean;
    retry: boolean;
    /** Told in place of the true answer. */
    told: Reply | 'http_500' | undefined;
    signature: AnswerSignature;
  }>;

export type RefundMove = 'at_once' | 'never' | Readonly<{ laterMs: number }>;

const NO_FAULT: CallPlan = {
  ...PLAIN_WIRE,
  instead: undefined,
  extraFen: 0,
  asksPayer: false,
  payAfterMs: undefined,
  moves: 'at_once',
  notifies: false,
  retry: false,
  told: undefined,
  signature: 'good',
};

const UNKNOWN = refused(alipayRefusal('isp.unknow-error'));
const SYSTEM_ERROR = refused(alipayRefusal('ACQ.SYSTEM_ERROR'));

/** @throws Error if the call does not know the fault: arming checks that. */
export function callPlanOf(call: ApiCall, fault: Fault | undefined): CallPlan {
  if (fault === undefined) return NO_FAULT;
  if (!isFaultOf(call, fault.fault)) throw new Error(`no fault of ${call}`);
  return { ...NO_FAULT, ...changes(fault, fault.fault) };
}

function changes({ delayMs, code }: Fault, kind: FaultKind<ApiCall>): Partial<CallPlan> {
  switch (kind) {
    case 'drop_request':
    case 'drop_answer':
    case 'delay':
    case 'delay_answer':
      return changesOfWire(kind, delayMs);
    case 'error_500':
      return { instead: 'http_500' };
    case 'error_500_after':
      return { told: 'http_500' };
    case 'unknown_20000':
      return { instead: UNKNOWN };
    case 'unknown_20000_after':
      return { told: UNKNOWN };
    case 'system_error':
      return { instead: SYSTEM_ERROR };
    case 'system_error_after':
      return { told: SYSTEM_ERROR };
    case 'rate_limited':
      return { instead: refused(alipayRefusal('isv.method-call-limited')) };
    case 'refuse':
      if (code === undefined || !isSubCode(code)) throw new Error('refuse needs an error code');
      return { instead: refused(alipayRefusal(code)) };
    case 'bad_signature':
      return { signature: 'bad' };
    case 'unsigned':
      return { signature: 'none' };
    case 'slashes_plain':
      return { signature: 'plain_slashes' };
    case 'asks_payer':
      return { asksPayer: true };
    case 'wrong_amount':
      return { extraFen: 1 };
    case 'success_after_close':
      return { payAfterMs: delayMs };
    case 'notifies':
      return { notifies: true };
    case 'retry':
      return { retry: true };
    case 'moves_late':
      return { moves: { laterMs: delayMs } };
    case 'never_moves':
      return { moves: 'never' };
    default:
      return assertNever(kind);
  }
}

/** What of a notification may differ from try to try. */
export type Manner = Readonly<{ signature: 'good' | 'bad'; extraFen: number }>;

export const TRUE_AND_GOOD: Manner = { signature: 'good', extraFen: 0 };

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
