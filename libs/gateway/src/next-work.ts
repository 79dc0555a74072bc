import type { Method } from '@hutong/domain-events';
import { assertNever } from '@hutong/result';
import { stepAfter, type AskingPlan } from './asking-plan.js';
import type { AttemptEvent, AttemptState } from './attempt-state.js';
import type { Closing } from './closing.js';

/** What is to be asked of the provider next, and from when on. */
export type Work = Readonly<{ action: 'close' | 'query' | 'submit'; at: Date }>;

/** The times that decide what is next. */
export type Times = Readonly<{
  now: Date;
  /** When it was first sent; now, if it never was. */
  submittedAt: Date;
  /** At the provider; the payment's deadline, if nothing was prepared yet. */
  expiresAt: Date;
  notAfter: Date;
  /** The payment's, at which the gateway closes what the provider has not closed by then. */
  deadline: Date;
  /** Whether this provider closes orders before their end. */
  closable: boolean;
  /** Whoever asked for its end, if anybody did. */
  closing: Closing | undefined;
  /** What it is that is asked about, and how often its provider wants to be asked. */
  method: Method;
  plan: AskingPlan;
}>;

/** What the plan of asking needs to know. */
export type Planned = Pick<Times, 'now' | 'submittedAt' | 'expiresAt' | 'method' | 'plan'>;

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** Asked at least so often where nobody's plan says otherwise. */
const LONGEST_GAP_MS = 30 * MINUTE_MS;

/** Somebody waits for something to be shown: asked sooner than planned, less often as it gets older. */
const DOUBT_GAP_MS = SECOND_MS;
/** So long a question may stay without an answer before the order is closed all the same. */
const UNANSWERED_MS = MINUTE_MS;
/** A provider needs a moment to close what has expired. */
const AFTER_EXPIRY_MS = 5 * SECOND_MS;
/** So long after its expiry an order that is not there can not come to be any more. */
export const GONE_AFTER_MS = MINUTE_MS;
const UNREACHABLE_GAP_MS = 2 * SECOND_MS;
/** So long after it was sent nothing is still on its way: providers refuse what was signed so long ago. */
export const ARRIVES_WITHIN_MS = 5 * MINUTE_MS;

/** What follows from `event`, which left the attempt in `state`. Nothing once all is known. */
export function nextWork(state: AttemptState, event: AttemptEvent, times: Times): Work | undefined {
  switch (state.status) {
    case 'requested':
      return { action: 'submit', at: retryAt(event, times) };
    case 'submitted':
      return { action: 'query', at: times.now };
    case 'awaiting_payer':
      return toClose(event, times) ?? asking(nextQueryAt(times), times);
    case 'unknown': {
      const close = toClose(event, times);
      if (close !== undefined) return close;
      if (saysNothingWasShown(event) && maySendAgain(times)) {
        return { action: 'submit', at: times.now };
      }
      return asking(isSettled(event) ? soon(times) : nextDoubtAt(times), times);
    }
    case 'succeeded':
      return isUnanswered(event) ? { action: 'query', at: later(times.now, MINUTE_MS) } : undefined;
    case 'failed':
    case 'closed':
      return afterEnd(event, times);
    default:
      return assertNever(state);
  }
}

/**
 * A few questions more about what has ended without money, if its plan has any. Only of what was asked
 * for before: what was refused or never sent made no order that anybody could pay.
 */
function afterEnd(event: AttemptEvent, { now, expiresAt, plan }: Times): Work | undefined {
  const planned = plan.afterEnd?.map((ms) => later(expiresAt, ms)).find((at) => now < at);
  if (isUnanswered(event)) {
    const retry = plan.afterEnd === undefined ? later(now, MINUTE_MS) : doubtAfter(expiresAt, now);
    return { action: 'query', at: planned !== undefined && planned < retry ? planned : retry };
  }
  const wasAsked = event.type === 'query_answered' || event.type === 'close_answered';
  return wasAsked && planned !== undefined ? { action: 'query', at: planned } : undefined;
}

/** Asked although all seemed known, since somebody said otherwise: until there is an answer. */
const isUnanswered = (event: AttemptEvent): boolean =>
  event.type === 'query_answered' && event.report.kind === 'unknown';

/** A question as planned, and no later than when the order is to be closed. */
const asking = (at: Date, { deadline, closable }: Times): Work => ({
  action: 'query',
  at: closable && deadline < at ? deadline : at,
});

/**
 * What brings an order to its end that is to have one: asked for, or its payment's deadline is over.
 * It may have been paid, so that it is asked for first, and closed once the provider says that it was
 * not, or says nothing for a while. A provider that closes nothing is asked at once, and then as
 * planned until the order's own end. Undefined while it is to go on.
 */
function toClose(event: AttemptEvent, times: Times): Work | undefined {
  const { now, deadline, closable, closing } = times;
  if (!closable) {
    if (closing === undefined) return undefined;
    return { action: 'query', at: event.type === 'close_asked' ? now : nextQueryAt(times) };
  }
  const since = closing?.askedAt ?? (now >= deadline ? deadline : undefined);
  if (since === undefined) return undefined;
  if (event.type === 'query_answered') {
    if (event.report.kind === 'awaiting_payer') return { action: 'close', at: now };
    const unanswered = event.report.kind === 'unknown' && now >= later(since, UNANSWERED_MS);
    return { action: unanswered ? 'close' : 'query', at: nextTryAt(since, times) };
  }
  if (event.type === 'close_answered' && event.report.kind !== 'settled') {
    return { action: 'query', at: nextTryAt(since, times) };
  }
  return { action: 'query', at: event.type === 'close_answered' ? soon(times) : now };
}

/** In doubt, and once the order has ended by itself: whoever waits for that hears of it then. */
function nextTryAt(since: Date, { now, expiresAt }: Times): Date {
  const doubted = doubtAfter(since, now);
  const ends = [later(expiresAt, AFTER_EXPIRY_MS), later(expiresAt, GONE_AFTER_MS)];
  const end = ends.find((at) => now < at);
  return end !== undefined && end < doubted ? end : doubted;
}

/** Half of the time since `since` more, at least a second and at most half an hour. */
export function doubtAfter(since: Date, now: Date): Date {
  const halfMs = Math.floor((now.getTime() - since.getTime()) / 2);
  return later(now, Math.min(LONGEST_GAP_MS, Math.max(DOUBT_GAP_MS, halfMs)));
}

/** As planned for its method, by age alone: from the sending on, and anew from the order's end. */
export function nextQueryAt({ now, submittedAt, expiresAt, method, plan }: Planned): Date {
  const gaps = plan.ofOrder(method);
  const atExpiry = later(expiresAt, AFTER_EXPIRY_MS);
  if (now >= expiresAt) return now < atExpiry ? atExpiry : stepAfter(expiresAt, now, gaps);
  const planned = stepAfter(submittedAt, now, gaps);
  return planned < atExpiry ? planned : atExpiry;
}

/** In doubt, as its provider has it or half of its age more; never later than the plan has it. */
export function nextDoubtAt(about: Planned): Date {
  const { now, submittedAt, plan } = about;
  const doubted =
    plan.inDoubt === undefined
      ? later(now, Math.max(DOUBT_GAP_MS, Math.floor((now.getTime() - submittedAt.getTime()) / 2)))
      : stepAfter(submittedAt, now, plan.inDoubt);
  const planned = nextQueryAt(about);
  return doubted < planned ? doubted : planned;
}

const saysNothingWasShown = (event: AttemptEvent): boolean =>
  event.type === 'query_answered' &&
  (event.report.kind === 'not_found' || event.report.kind === 'awaiting_payer');

const isSettled = (event: AttemptEvent): boolean =>
  event.type === 'submit_answered' && event.report.kind === 'settled';

/** Not at once: should two answers keep contradicting each other, asking would go round for ever. */
const soon = ({ now }: Times): Date => later(now, DOUBT_GAP_MS);

const maySendAgain = ({ now, notAfter, expiresAt }: Times): boolean =>
  now < notAfter && now < expiresAt;

/** At once when it is new; a little later when the provider could not be reached, but once at `notAfter`. */
function retryAt(event: AttemptEvent, { now, notAfter }: Times): Date {
  if (event.type !== 'submit_answered') return now;
  const retry = later(now, UNREACHABLE_GAP_MS);
  return now < notAfter && notAfter < retry ? notAfter : retry;
}

export const later = (at: Date, ms: number): Date => new Date(at.getTime() + ms);
