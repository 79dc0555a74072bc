import { assertNever } from '@hutong/result';
import type { Fault } from '../faults/faults.js';
import { changesOfTry, plainTry, type TryPlan } from '../notifying/try-plan.js';
import { changesOfWire, PLAIN_WIRE, type WirePlan } from '../wire/wire-plan.js';
import type { RefundEnd } from './refund.js';
import { isResultCode, type ResultCode } from './result-code.js';
import type { SigningKind } from './sealed.signature.js';
import { isFaultOf, type ApiCall, type FaultKind, type NotifyCall } from './unionpay-faults.js';

/** Instead of an answer of the protocol: a result code, or an HTTP status that says nothing. */
export type Instead = Readonly<{ code: ResultCode }> | Readonly<{ httpStatus: number }>;

/** `undefined` leaves it under way. `laterMs` is of the ladder's time. */
export type RefundPlan = Readonly<{
  end: RefundEnd | undefined;
  laterMs: number;
  /** Whether a failure is told, too. */
  tellsFailure: boolean;
}>;

const ENDS_WELL: RefundPlan = {
  end: { state: 'done', code: '00' },
  laterMs: 0,
  tellsFailure: false,
};

/** What a call of the API goes through. The plan without a fault changes nothing. */
export type CallPlan = WirePlan &
  Readonly<{
    /** Answered, and nothing is done. */
    instead: Instead | undefined;
    /** It is done, and this is what is answered. */
    told: Instead | undefined;
    /** Told of the transaction, whatever became of it. */
    origCode: ResultCode | undefined;
    extraFen: number;
    /** A payer's own code is charged with a defect. */
    hasDefect: boolean;
    refund: RefundPlan;
    signing: SigningKind;
    /** The answer cannot be cut into its pairs. */
    unbalanced: boolean;
  }>;

const NO_FAULT: CallPlan = {
  ...PLAIN_WIRE,
  instead: undefined,
  told: undefined,
  origCode: undefined,
  extraFen: 0,
  hasDefect: false,
  refund: ENDS_WELL,
  signing: 'good',
  unbalanced: false,
};

/** @throws Error if the call does not know the fault: arming checks that. */
export function callPlanOf(call: ApiCall, fault: Fault | undefined): CallPlan {
  if (fault === undefined) return NO_FAULT;
  if (!isFaultOf(call, fault.fault)) throw new Error(`no fault of ${call}`);
  return { ...NO_FAULT, ...changes(fault, fault.fault) };
}

function changes(fault: Fault, kind: FaultKind<ApiCall>): Partial<CallPlan> {
  const { delayMs } = fault;
  switch (kind) {
    case 'error_500':
      return { instead: { httpStatus: 500 } };
    case 'error_500_after':
      return { told: { httpStatus: 500 } };
    case 'refuse':
      return { instead: { code: codeOf(fault) } };
    case 'answer_code':
      return { told: { code: codeOf(fault) } };
    case 'orig_code':
      return { origCode: codeOf(fault) };
    case 'bad_signature':
      return { signing: 'bad' };
    case 'wrong_subject':
    case 'expired':
    case 'foreign_chain':
    case 'unsigned':
      return { signing: kind };
    case 'unbalanced':
      return { unbalanced: true };
    case 'wrong_amount':
      return { extraFen: 1 };
    case 'pays_a6':
      return { hasDefect: true };
    case 'ends_failed':
    case 'ends_failed_told':
      return {
        refund: {
          ...ENDS_WELL,
          end: { state: 'failed', code: codeOf(fault, '01') },
          tellsFailure: kind === 'ends_failed_told',
        },
      };
    case 'ends_a6':
      return { refund: { ...ENDS_WELL, end: { state: 'done', code: 'A6' } } };
    case 'ends_late':
      return { refund: { ...ENDS_WELL, laterMs: delayMs } };
    case 'never_ends':
      return { refund: { ...ENDS_WELL, end: undefined } };
    case 'drop_request':
    case 'drop_answer':
    case 'delay':
    case 'delay_answer':
      return changesOfWire(kind, delayMs);
    default:
      return assertNever(kind);
  }
}

function codeOf({ code = '' }: Fault, usual?: ResultCode): ResultCode {
  if (isResultCode(code)) return code;
  if (usual === undefined) throw new Error('a fault that needs a result code');
  return usual;
}

/** What of a notification may differ from try to try. */
export type Manner = Readonly<{ signing: SigningKind; extraFen: number }>;

export const TRUE_AND_GOOD: Manner = { signing: 'good', extraFen: 0 };

/** @throws Error if notifications do not know the fault: arming checks that. */
export function tryPlanOf(call: NotifyCall, fault: Fault | undefined): TryPlan<Manner> {
  const plain = plainTry(TRUE_AND_GOOD);
  if (fault === undefined) return plain;
  if (!isFaultOf(call, fault.fault)) throw new Error(`no fault of ${call}`);
  return { ...plain, ...changesTo(fault, fault.fault) };
}

function changesTo({ delayMs }: Fault, kind: FaultKind<NotifyCall>): Partial<TryPlan<Manner>> {
  switch (kind) {
    case 'bad_signature':
      return { how: { ...TRUE_AND_GOOD, signing: 'bad' } };
    case 'wrong_subject':
    case 'expired':
    case 'foreign_chain':
      return { how: { ...TRUE_AND_GOOD, signing: kind } };
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
