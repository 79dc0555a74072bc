import type { Action, AttemptReported, CloseReason, FailureReason } from '@hutong/domain-events';
import { assertNever } from '@hutong/result';
import type {
  AttemptReport,
  CloseReport,
  Paid,
  PrepareRefusal,
  RequestedAttempt,
  SubmitReport,
} from './gateway-port.js';

/** What a gateway knows of its attempt. */
export type AttemptState =
  /** Nothing has reached the provider. `unreached`: why a sending did not, if one was tried. */
  | Readonly<{ status: 'requested'; unreached?: string }>
  /** It is being sent for the first time; a crash leaves it here, in doubt. */
  | Readonly<{ status: 'submitted' }>
  | Readonly<{ status: 'awaiting_payer'; action: Action }>
  | Readonly<{ status: 'unknown'; cause: string }>
  /** `late`: it had been closed or failed before, or its time was over at the provider. */
  | (Readonly<{ status: 'succeeded'; late: boolean }> & Paid)
  | Readonly<{ status: 'failed'; reason: FailureReason }>
  | Readonly<{ status: 'closed'; reason: CloseReason }>;

export type AttemptEvent =
  /** The bytes are stored and go out now. */
  | Readonly<{ type: 'sending' }>
  /** Its `notAfter` has passed. */
  | Readonly<{ type: 'too_late' }>
  /** It cannot be put into the provider's words. */
  | Readonly<{ type: 'unpreparable'; refusal: PrepareRefusal['code'] }>
  | Readonly<{ type: 'submit_answered'; report: SubmitReport }>
  | Readonly<{ type: 'query_answered'; report: AttemptReport }>
  /** It is to take no money any more. */
  | Readonly<{ type: 'close_asked'; reason: CloseReason }>
  /** `reason`: why we closed it. */
  | Readonly<{ type: 'close_answered'; report: CloseReport; reason: CloseReason }>
  /** A verified notification that agrees with our own attempt. */
  | Readonly<{ type: 'notified'; paid: Paid }>;

/** What hearing an event did. A duplicate is everyday; the last two are incidents, kept for people. */
export type Step =
  | Readonly<{ kind: 'advanced'; state: AttemptState }>
  | Readonly<{ kind: 'duplicate' }>
  /** Other money than the attempt already has. It moved, so the ring is told: it is surplus there. */
  | Readonly<{ kind: 'paid_again'; paid: Paid }>
  /** The provider takes back what it had verifiably said. Not believed. */
  | Readonly<{ kind: 'refused'; reason: 'closed_after_paid' | 'failed_after_paid' }>;

const DUPLICATE: Step = { kind: 'duplicate' };
const advanced = (state: AttemptState): Step => ({ kind: 'advanced', state });
const failed = (reason: FailureReason): Step => advanced({ status: 'failed', reason });
const unknown = (cause: string): Step => advanced({ status: 'unknown', cause });

/** Of attempts and refunds alike. */
export const failureOf: Readonly<Record<PrepareRefusal['code'], FailureReason>> = {
  account_unknown: 'misconfigured',
  method_unsupported: 'misconfigured',
  amount_unsupported: 'rejected',
  expiry_unsupported: 'rejected',
  payer_missing: 'rejected',
  payer_unreadable: 'misconfigured',
};

/** What an attempt in `state` becomes on hearing `event`. Every pair has an answer. */
export function advance(state: AttemptState, event: AttemptEvent): Step {
  switch (event.type) {
    case 'sending':
      return state.status === 'requested' ? advanced({ status: 'submitted' }) : DUPLICATE;
    case 'too_late':
      return state.status === 'requested' ? failed(tooLate(state)) : DUPLICATE;
    case 'unpreparable':
      return state.status === 'requested' ? failed(failureOf[event.refusal]) : DUPLICATE;
    case 'submit_answered':
      return onSubmitAnswer(state, event.report);
    case 'query_answered':
      return onQueryAnswer(state, event.report);
    case 'close_asked':
      // Nothing was ever sent, so nothing has to be asked. Everything else is the provider's to say.
      return state.status === 'requested'
        ? advanced({ status: 'closed', reason: event.reason })
        : DUPLICATE;
    case 'close_answered':
      return onCloseAnswer(state, event.report, event.reason);
    case 'notified':
      return receive(state, event.paid);
    default:
      return assertNever(event);
  }
}

/** Whose lateness it is: ours says nothing of the provider, and must not close it to everybody. */
const tooLate = ({ unreached }: Readonly<{ unreached?: string }>): FailureReason =>
  unreached === undefined ? 'not_submitted' : 'provider_down';

/** Only a confirmation moves it: paid or not, everything else is found out by asking. */
function onCloseAnswer(state: AttemptState, report: CloseReport, reason: CloseReason): Step {
  return report.kind === 'closed'
    ? end(state, { status: 'closed', reason }, 'closed_after_paid')
    : DUPLICATE;
}

function onSubmitAnswer(state: AttemptState, report: SubmitReport): Step {
  switch (report.kind) {
    case 'awaiting_payer':
      return show(state, report.action);
    case 'succeeded':
      return receive(state, report);
    case 'failed':
      // While an earlier sending is in doubt, this one's refusal says nothing of the order.
      return neverAnswered(state) ? failed(report.reason) : DUPLICATE;
    case 'not_sent':
      return state.status === 'submitted'
        ? advanced({ status: 'requested', unreached: report.cause })
        : DUPLICATE;
    case 'settled':
    case 'unknown':
      return neverAnswered(state) ? unknown(report.cause) : DUPLICATE;
    default:
      return assertNever(report);
  }
}

function onQueryAnswer(state: AttemptState, report: AttemptReport): Step {
  switch (report.kind) {
    case 'succeeded':
      return receive(state, report);
    case 'awaiting_payer':
      if (report.action !== undefined && state.status !== 'awaiting_payer') {
        return show(state, report.action);
      }
      // The order is there, and what to show its payer is not: only sending again can tell.
      return state.status === 'submitted' ? unknown('answer_lost') : DUPLICATE;
    case 'not_found':
      return state.status === 'submitted' ? unknown('answer_lost') : DUPLICATE;
    case 'unknown':
      return state.status === 'submitted' ? unknown(report.cause) : DUPLICATE;
    case 'closed':
      return end(state, { status: 'closed', reason: report.reason }, 'closed_after_paid');
    case 'failed':
      return end(state, { status: 'failed', reason: report.reason }, 'failed_after_paid');
    default:
      return assertNever(report);
  }
}

/** Something to show the payer. Another code for an open order replaces the last, which is dead. */
function show(state: AttemptState, action: Action): Step {
  switch (state.status) {
    case 'requested':
    case 'submitted':
    case 'unknown':
      return advanced({ status: 'awaiting_payer', action });
    case 'awaiting_payer':
      return JSON.stringify(state.action) === JSON.stringify(action)
        ? DUPLICATE
        : advanced({ status: 'awaiting_payer', action });
    case 'succeeded':
    case 'failed':
    case 'closed':
      return DUPLICATE;
    default:
      return assertNever(state);
  }
}

/** Money has moved: it is announced from every state, once for each of the provider's own numbers. */
function receive(state: AttemptState, told: Paid): Step {
  const { providerRef, instrument, amount, paidAt, late = false } = told;
  const paid = { providerRef, instrument, amount, paidAt, late };
  if (state.status === 'succeeded') {
    return state.providerRef === providerRef ? DUPLICATE : { kind: 'paid_again', paid };
  }
  const hadEnded = state.status === 'failed' || state.status === 'closed';
  return advanced({ status: 'succeeded', ...paid, late: late || hadEnded });
}

function end(
  state: AttemptState,
  ended: Extract<AttemptState, { status: 'failed' | 'closed' }>,
  reason: Extract<Step, { kind: 'refused' }>['reason'],
): Step {
  switch (state.status) {
    case 'requested':
    case 'submitted':
    case 'awaiting_payer':
    case 'unknown':
      return advanced(ended);
    case 'failed':
    case 'closed':
      return DUPLICATE;
    case 'succeeded':
      return { kind: 'refused', reason };
    default:
      return assertNever(state);
  }
}

/** Whether no sending before this one can have made an order, and nobody else said so. */
const neverAnswered = ({ status }: AttemptState): boolean =>
  status === 'requested' || status === 'submitted';

/** What the ring is told when an attempt comes into this state, or nothing. */
export function reportOf(
  { paymentId, attemptId, method }: Pick<RequestedAttempt, 'paymentId' | 'attemptId' | 'method'>,
  state: AttemptState,
): AttemptReported | undefined {
  const about = { paymentId, attemptId, provider: method.provider };
  switch (state.status) {
    case 'requested':
    case 'submitted':
      return undefined;
    case 'awaiting_payer':
      return { type: 'attempt.awaiting_payer', ...about, action: state.action };
    case 'unknown':
      return { type: 'attempt.unknown', ...about, cause: state.cause };
    case 'succeeded': {
      const { instrument, amount, providerRef, paidAt, late } = state;
      const paid = { instrument, amount, providerRef, paidAt, late };
      return { type: 'attempt.succeeded', ...about, ...paid };
    }
    case 'failed':
      return { type: 'attempt.failed', ...about, reason: state.reason };
    case 'closed':
      return { type: 'attempt.closed', ...about, reason: state.reason };
    default:
      return assertNever(state);
  }
}
