import type { DomainEvent, FailureReason } from '@hutong/domain-events';
import { assertNever } from '@hutong/result';
import { stepAfter, type Gaps } from './asking-plan.js';
import { failureOf } from './attempt-state.js';
import type {
  PrepareRefusal,
  Refunded,
  RefundQueryReport,
  RefundReport,
  RefundSendReport,
  RequestedRefund,
} from './gateway-port.js';
import { ARRIVES_WITHIN_MS, doubtAfter, later } from './next-work.js';

/** What a gateway knows of a refund. */
export type RefundState =
  /** Nothing has reached the provider. */
  | Readonly<{ status: 'requested' }>
  /** It is being sent; a crash leaves it here, in doubt. */
  | Readonly<{ status: 'submitted' }>
  /** The provider has it. */
  | Readonly<{ status: 'pending' }>
  | Readonly<{ status: 'unknown'; cause: string }>
  | (Readonly<{ status: 'succeeded' }> & Refunded)
  | Readonly<{ status: 'failed'; reason: FailureReason }>;

export type RefundEvent =
  | Readonly<{ type: 'sending' }>
  | Readonly<{ type: 'unpreparable'; refusal: PrepareRefusal['code'] }>
  | Readonly<{ type: 'refund_answered'; report: RefundSendReport }>
  | Readonly<{ type: 'query_answered'; report: RefundQueryReport }>
  /** A verified notification that agrees with our own refund. */
  | Readonly<{ type: 'notified'; report: RefundReport }>;

export type RefundStep =
  | Readonly<{ kind: 'advanced'; state: RefundState }>
  | Readonly<{ kind: 'duplicate' }>
  /** The provider takes back what it had verifiably said. Not believed, kept for people. */
  | Readonly<{ kind: 'refused'; reason: 'failed_after_refunded' | 'refunded_again' }>;

export type RefundWork = Readonly<{ action: 'query' | 'refund'; at: Date }>;

export type RefundReported = Extract<
  DomainEvent,
  { type: 'refund.pending' | 'refund.succeeded' | 'refund.failed' }
>;

const DUPLICATE: RefundStep = { kind: 'duplicate' };
const advanced = (state: RefundState): RefundStep => ({ kind: 'advanced', state });

/** What a refund in `state` becomes on hearing `event`. Every pair has an answer. */
export function advanceRefund(state: RefundState, event: RefundEvent): RefundStep {
  switch (event.type) {
    case 'sending':
      return state.status === 'requested' ? advanced({ status: 'submitted' }) : DUPLICATE;
    case 'unpreparable':
      return state.status === 'requested'
        ? advanced({ status: 'failed', reason: failureOf[event.refusal] })
        : DUPLICATE;
    case 'refund_answered':
      if (event.report.kind === 'not_sent') {
        return state.status === 'submitted' ? advanced({ status: 'requested' }) : DUPLICATE;
      }
      return hear(state, event.report);
    case 'query_answered':
      if (event.report.kind === 'not_found') {
        return state.status === 'submitted' ? inDoubt('answer_lost') : DUPLICATE;
      }
      if (event.report.kind === 'missing') {
        return state.status === 'submitted' ? inDoubt(event.report.cause) : DUPLICATE;
      }
      return hear(state, event.report);
    case 'notified':
      return hear(state, event.report);
    default:
      return assertNever(event);
  }
}

const inDoubt = (cause: string): RefundStep => advanced({ status: 'unknown', cause });

function hear(state: RefundState, report: RefundReport): RefundStep {
  switch (report.kind) {
    case 'succeeded':
      return giveBack(state, report);
    case 'pending':
      return isOpen(state) && state.status !== 'pending'
        ? advanced({ status: 'pending' })
        : DUPLICATE;
    case 'unknown':
      return state.status === 'submitted' ? inDoubt(report.cause) : DUPLICATE;
    case 'failed':
      if (isOpen(state)) return advanced({ status: 'failed', reason: report.reason });
      return state.status === 'succeeded'
        ? { kind: 'refused', reason: 'failed_after_refunded' }
        : DUPLICATE;
    default:
      return assertNever(report);
  }
}

/** Money has moved: it is told from every state, also after a failure. */
function giveBack(
  state: RefundState,
  { providerRef, amount, refundedAt }: Extract<RefundReport, { kind: 'succeeded' }>,
): RefundStep {
  if (state.status !== 'succeeded') {
    return advanced({ status: 'succeeded', providerRef, amount, refundedAt });
  }
  return state.providerRef === providerRef
    ? DUPLICATE
    : { kind: 'refused', reason: 'refunded_again' };
}

const isOpen = ({ status }: RefundState): boolean => status !== 'succeeded' && status !== 'failed';

/**
 * What one sending's answer says of the refund. Its refusal says nothing while an earlier sending may
 * still arrive, which would give the money back all the same.
 * @param earlierAt when it was sent before this time, if it was.
 */
export function believed(
  report: RefundSendReport,
  { earlierAt, now }: Readonly<{ earlierAt: Date | undefined; now: Date }>,
): RefundSendReport {
  const alone = earlierAt === undefined || now >= later(earlierAt, ARRIVES_WITHIN_MS);
  return report.kind === 'failed' && !alone
    ? { kind: 'unknown', cause: 'refused_in_doubt' }
    : report;
}

const UNREACHABLE_GAP_MS = 2_000;
/** The provider works at it: asked after half of its age more, and sooner than this only while young. */
const PENDING_GAP_MS = 30_000;

/**
 * What follows from `event`, which left the refund in `state`. Nothing once all is known.
 * @param gaps of asking, where its provider has some of its own.
 */
export function nextRefundWork(
  state: RefundState,
  event: RefundEvent | undefined,
  { now, submittedAt, gaps }: Readonly<{ now: Date; submittedAt: Date; gaps?: Gaps | undefined }>,
): RefundWork | undefined {
  const doubted =
    gaps === undefined ? doubtAfter(submittedAt, now) : stepAfter(submittedAt, now, gaps);
  switch (state.status) {
    case 'requested':
      return { action: 'refund', at: event === undefined ? now : later(now, UNREACHABLE_GAP_MS) };
    case 'submitted':
      return { action: 'query', at: now };
    case 'unknown': {
      const notThere = event?.type === 'query_answered' && event.report.kind === 'not_found';
      return notThere ? { action: 'refund', at: now } : { action: 'query', at: doubted };
    }
    case 'pending': {
      const soonest = gaps === undefined ? later(now, PENDING_GAP_MS) : now;
      return { action: 'query', at: doubted < soonest ? soonest : doubted };
    }
    case 'succeeded':
    case 'failed': {
      // Asked although all seemed known, since somebody said otherwise: until there is an answer.
      const unanswered = event?.type === 'query_answered' && event.report.kind === 'unknown';
      return unanswered ? { action: 'query', at: doubted } : undefined;
    }
    default:
      return assertNever(state);
  }
}

/**
 * When the next refund of an attempt may be sent: one after another, since of two the provider would
 * refuse the second while it is at the first, and `gapMs` after the last.
 * @param others of the same attempt. @returns undefined if at once.
 */
export function mayBeSentAt(
  others: readonly Readonly<{ state: RefundState; sentAt: Date | undefined }>[],
  { now, gapMs }: Readonly<{ now: Date; gapMs: number }>,
): Date | undefined {
  const waits = others.flatMap(({ state, sentAt }) => {
    const inDoubtNow = state.status === 'submitted' || state.status === 'unknown';
    return [
      ...(inDoubtNow ? [later(now, UNREACHABLE_GAP_MS)] : []),
      ...(sentAt === undefined ? [] : [later(sentAt, gapMs)]),
    ];
  });
  const latest = Math.max(...waits.map((at) => at.getTime()), now.getTime());
  return latest > now.getTime() ? new Date(latest) : undefined;
}

/** What the ring is told when a refund comes into `state` from `before`, or nothing. */
export function refundReportOf(
  { paymentId, attemptId, refundId }: Pick<RequestedRefund, 'paymentId' | 'attemptId' | 'refundId'>,
  {
    provider,
    before,
    state,
  }: Readonly<{
    provider: RefundReported['provider'];
    before: RefundState;
    state: RefundState;
  }>,
): RefundReported | undefined {
  const about = { paymentId, attemptId, refundId, provider };
  switch (state.status) {
    case 'requested':
    case 'submitted':
      return undefined;
    case 'pending':
    case 'unknown': // the ring has one word for both: not finished
      return before.status === 'pending' || before.status === 'unknown'
        ? undefined
        : { type: 'refund.pending', ...about };
    case 'succeeded': {
      const { amount, providerRef, refundedAt } = state;
      return { type: 'refund.succeeded', ...about, amount, providerRef, refundedAt };
    }
    case 'failed':
      return { type: 'refund.failed', ...about, reason: state.reason };
    default:
      return assertNever(state);
  }
}
