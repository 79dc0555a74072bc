import type { AttemptReported, FailureReason } from '@hutong/domain-events';

/**
 * Whether a provider may be sent attempts. An open circuit tries itself: once it has rested, one
 * attempt is let through every few seconds, and what its gateway reports closes the circuit or keeps
 * it open.
 */
export type Circuit =
  | Readonly<{ state: 'closed'; since: Date }>
  // `probeAt`: when the next attempt may try it.
  | Readonly<{ state: 'open'; since: Date; probeAt: Date }>;

/** What of it is seen: an open circuit that has rested is half-open. */
export type Phase = 'closed' | 'open' | 'half_open';

/** How reports of the newest attempts spoke of a provider, within the window. */
export type Tally = Readonly<{ good: number; bad: number }>;

/** What one report says of its provider. */
export type Evidence = keyof Tally | 'none';

export const CIRCUIT = {
  /** How far back reports count. */
  windowMs: 60_000,
  /** Fewer bad ones than this are bad luck. */
  leastBad: 5,
  /** How long an open circuit rests before it is tried. */
  restMs: 30_000,
  /** One attempt in this time while it is being tried. */
  probeEveryMs: 5_000,
} as const;

/** Before anything was heard. */
export const HEALTHY: Circuit = { state: 'closed', since: new Date(0) };

const ofFailure: Readonly<Record<FailureReason, Evidence>> = {
  // The provider looked at the payer and decided: it works.
  declined: 'good',
  insufficient_funds: 'good',
  payer_account: 'good',
  limit: 'good',
  // It answers, but would answer the same however it does: our account or our request is wrong.
  merchant_account: 'none',
  rejected: 'none',
  misconfigured: 'none',
  // It was too late before anything was sent: a gateway or an account of ours has too much to do.
  not_submitted: 'none',
  // Nothing reached it.
  provider_down: 'bad',
};

const ofReport: Readonly<Record<Exclude<AttemptReported['type'], 'attempt.failed'>, Evidence>> = {
  'attempt.awaiting_payer': 'good',
  'attempt.succeeded': 'good',
  'attempt.closed': 'none', // a payer who changed their mind says nothing of a provider
  'attempt.unknown': 'bad',
};

export const evidenceOf = (report: AttemptReported): Evidence =>
  report.type === 'attempt.failed' ? ofFailure[report.reason] : ofReport[report.type];

export function phaseOf(circuit: Circuit, now: Date): Phase {
  if (circuit.state === 'closed') return 'closed';
  return now.getTime() < halfOpenFrom(circuit) ? 'open' : 'half_open';
}

/** Whether an attempt may be sent now. Of several at once to a half-open one, `tried` lets one through. */
export const mayBeSent = (circuit: Circuit, now: Date): boolean =>
  circuit.state === 'closed' || circuit.probeAt.getTime() <= now.getTime();

/** An open circuit after an attempt was let through at `now`. */
export const tried = <Open extends Extract<Circuit, { state: 'open' }>>(
  circuit: Open,
  now: Date,
): Open => ({ ...circuit, probeAt: new Date(now.getTime() + CIRCUIT.probeEveryMs) });

/** One report: what it says, and when its attempt was sent. */
export type Heard = Readonly<{ evidence: Evidence; sentAt: Date }>;

/**
 * Whether a report says anything of the circuit as it stands. What became of attempts from before it
 * closed, or of those before it was tried, is the past: a late success is no sign of life, and the
 * last failures of an outage are not a new one.
 */
export function countsFor(circuit: Circuit, { evidence, sentAt }: Heard): boolean {
  if (evidence === 'none') return false;
  const from = circuit.state === 'closed' ? circuit.since.getTime() : halfOpenFrom(circuit);
  return sentAt.getTime() >= from;
}

/**
 * The circuit after a report that counts for it.
 * @param tally of the window, this report included.
 */
export function after(
  circuit: Circuit,
  evidence: Exclude<Evidence, 'none'>,
  tally: Tally,
  now: Date,
): Circuit {
  if (circuit.state === 'open') {
    return evidence === 'good' ? { state: 'closed', since: now } : opened(now);
  }
  const failing = tally.bad >= CIRCUIT.leastBad && tally.bad >= tally.good;
  return evidence === 'bad' && failing ? opened(now) : circuit;
}

const opened = (now: Date): Circuit => ({
  state: 'open',
  since: now,
  probeAt: new Date(now.getTime() + CIRCUIT.restMs),
});

const halfOpenFrom = ({ since }: Circuit): number => since.getTime() + CIRCUIT.restMs;
