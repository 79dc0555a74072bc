import type {
  Action,
  AttemptAccepted,
  AttemptAwaitingPayer,
  AttemptClosed,
  AttemptFailed,
  AttemptId,
  AttemptRefused,
  AttemptUnknown,
  CloseReason,
  FailureReason,
  Method,
} from '@hutong/domain-events';
import { assertNever } from '@hutong/result';
import { sameAction } from './same-action.js';

/** One try to pay with one method of one offer: what was chosen, whatever became of it. */
export type Choice = Readonly<{
  id: AttemptId;
  /** The number of the offer that the payer saw. */
  offer: number;
  method: Method;
  /** Somebody else pays, through a shared link. */
  paidByAnother: boolean;
  selectedAt: Date;
}>;

/** A choice with what became of it. `succeeded` says no more here: the money is a receipt of the payment. */
export type Attempt = Choice &
  (
    | Readonly<{ status: 'selected' | 'accepted' | 'succeeded' }>
    | Readonly<{ status: 'awaiting_payer'; action: Action }>
    // What the payer was shown before may still be payable, so it is kept.
    | Readonly<{ status: 'unknown'; cause: string; action?: Action | undefined }>
    // Its provider was asked to close it, and has not confirmed: it may still take money.
    | Readonly<{ status: 'closing'; reason: CloseReason }>
    | Readonly<{ status: 'failed'; reason: FailureReason }>
    | Readonly<{ status: 'closed'; reason: CloseReason }>
    | Readonly<{ status: 'refused'; reasons: readonly string[] }>
  );

/** Everything that is told of an attempt, money aside: money counts whatever the attempt's status. */
export type AttemptNews =
  | AttemptAccepted
  | AttemptRefused
  | AttemptAwaitingPayer
  | AttemptUnknown
  | AttemptFailed
  | AttemptClosed;

export type Answer = 'advance' | 'duplicate' | 'refuse';

/**
 * The attempt's half of the state machine: what each news means in each status. Decisions and reports
 * come on two topics and may cross: a report implies the acceptance. The first certain answer stands.
 * What routing refused no gateway can know, and money that was taken is not untaken: such news is an
 * incident.
 */
export const attemptTable: Readonly<
  Record<Attempt['status'], Readonly<Record<AttemptNews['type'], Answer>>>
> = {
  selected: {
    'attempt.accepted': 'advance',
    'attempt.refused': 'advance',
    'attempt.awaiting_payer': 'advance',
    'attempt.unknown': 'advance',
    'attempt.failed': 'advance',
    'attempt.closed': 'advance',
  },
  accepted: {
    'attempt.accepted': 'duplicate',
    'attempt.refused': 'refuse',
    'attempt.awaiting_payer': 'advance',
    'attempt.unknown': 'advance',
    'attempt.failed': 'advance',
    'attempt.closed': 'advance',
  },
  awaiting_payer: {
    'attempt.accepted': 'duplicate',
    'attempt.refused': 'refuse',
    'attempt.awaiting_payer': 'advance',
    'attempt.unknown': 'advance',
    'attempt.failed': 'advance',
    'attempt.closed': 'advance',
  },
  unknown: {
    'attempt.accepted': 'duplicate',
    'attempt.refused': 'refuse',
    'attempt.awaiting_payer': 'advance',
    'attempt.unknown': 'duplicate',
    'attempt.failed': 'advance',
    'attempt.closed': 'advance',
  },
  // Whatever crosses the close is no news but an end. Routing refuses what it never passed on.
  closing: {
    'attempt.accepted': 'duplicate',
    'attempt.refused': 'advance',
    'attempt.awaiting_payer': 'duplicate',
    'attempt.unknown': 'duplicate',
    'attempt.failed': 'advance',
    'attempt.closed': 'advance',
  },
  succeeded: {
    'attempt.accepted': 'duplicate',
    'attempt.refused': 'refuse',
    'attempt.awaiting_payer': 'duplicate',
    'attempt.unknown': 'duplicate',
    'attempt.failed': 'refuse',
    'attempt.closed': 'refuse',
  },
  failed: {
    'attempt.accepted': 'duplicate',
    'attempt.refused': 'refuse',
    'attempt.awaiting_payer': 'duplicate',
    'attempt.unknown': 'duplicate',
    'attempt.failed': 'duplicate',
    'attempt.closed': 'duplicate',
  },
  closed: {
    'attempt.accepted': 'duplicate',
    'attempt.refused': 'refuse',
    'attempt.awaiting_payer': 'duplicate',
    'attempt.unknown': 'duplicate',
    'attempt.failed': 'duplicate',
    'attempt.closed': 'duplicate',
  },
  refused: {
    'attempt.accepted': 'refuse',
    'attempt.refused': 'duplicate',
    'attempt.awaiting_payer': 'refuse',
    'attempt.unknown': 'refuse',
    'attempt.failed': 'refuse',
    'attempt.closed': 'refuse',
  },
};

/** Whether the attempt may still take money, as far as anyone knows. */
export const isOpen = ({ status }: Attempt): boolean => openTable[status];

/** Which statuses are open: what closes a payment asks them to close, and waits for them. */
export const openTable: Readonly<Record<Attempt['status'], boolean>> = {
  selected: true,
  accepted: true,
  awaiting_payer: true,
  unknown: true,
  closing: true,
  succeeded: false,
  failed: false,
  closed: false,
  refused: false,
};

/** What the table says of this news; telling the payer the same once more is no news. */
export function answerTo(attempt: Attempt, news: AttemptNews): Answer {
  const answer = attemptTable[attempt.status][news.type];
  const repeats =
    attempt.status === 'awaiting_payer' &&
    news.type === 'attempt.awaiting_payer' &&
    sameAction(attempt.action, news.action);
  return repeats ? 'duplicate' : answer;
}

/** The attempt after news that the table lets advance it. */
export function moved(attempt: Attempt, news: AttemptNews): Attempt {
  const choice = choiceOf(attempt);
  switch (news.type) {
    case 'attempt.accepted':
      return { ...choice, status: 'accepted' };
    case 'attempt.refused':
      return { ...choice, status: 'refused', reasons: news.reasons };
    case 'attempt.awaiting_payer':
      return { ...choice, status: 'awaiting_payer', action: news.action };
    case 'attempt.unknown':
      return { ...choice, status: 'unknown', cause: news.cause, action: actionOf(attempt) };
    case 'attempt.failed':
      return { ...choice, status: 'failed', reason: news.reason };
    case 'attempt.closed':
      return { ...choice, status: 'closed', reason: news.reason };
    default:
      return assertNever(news);
  }
}

/** The attempt once money came, whatever was thought of it before. */
export const succeeded = (attempt: Attempt): Attempt => ({
  ...choiceOf(attempt),
  status: 'succeeded',
});

/** The attempt once its provider is asked to close it; what is closing or has ended stays what it is. */
export const closing = (attempt: Attempt, reason: CloseReason): Attempt =>
  isOpen(attempt) && attempt.status !== 'closing'
    ? { ...choiceOf(attempt), status: 'closing', reason }
    : attempt;

/** What to show the payer, where something may still be shown. */
export const actionOf = (attempt: Attempt): Action | undefined =>
  attempt.status === 'awaiting_payer' || attempt.status === 'unknown' ? attempt.action : undefined;

function choiceOf({ id, offer, method, paidByAnother, selectedAt }: Attempt): Choice {
  return { id, offer, method, paidByAnother, selectedAt };
}

/** Whether there is something to show the payer, or nothing to wait for any more. */
export const isAnswered = (attempt: Attempt): boolean =>
  attempt.status === 'awaiting_payer' || attempt.status === 'closing' || !isOpen(attempt);
