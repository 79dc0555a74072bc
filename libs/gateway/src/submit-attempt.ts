import type { Clock } from '@hutong/config';
import { ok, refuse, type Result } from '@hutong/result';
import type { AttemptEvent } from './attempt-state.js';
import type { Attempts, Leased } from './attempts.repository.js';
import { callProvider, type Watched } from './call-provider.js';
import { settled } from './closing.js';
import type { ClosingPort, GatewayPort, Prepared, PrepareRefusal } from './gateway-port.js';
import type { SealedFields, SealingKeys } from './sealed-fields.js';

export type ProviderCalls = Watched &
  Readonly<{
    adapter: GatewayPort;
    /** If the provider closes orders. */
    closing: ClosingPort | undefined;
    /** Opens what was sealed to us; without it nothing is. */
    sealing: SealingKeys | undefined;
    attempts: Attempts;
    clock: Clock;
  }>;

const GATEWAY_FAULT = { kind: 'unknown', cause: 'gateway_fault' } as const;

/** Does what is due for an attempt: one call of the provider at most, under the lease that the caller holds. */
export async function doDueWork(calls: ProviderCalls, leased: Leased): Promise<void> {
  const { attempts, logger } = calls;
  const event = await eventOf(calls, leased);
  if (event === undefined) return;
  const kept = await attempts.record(leased, event);
  const { attemptId, account } = leased.attempt;
  if (!kept) logger.warn('answer came after the lease', { attemptId, account });
}

function eventOf(calls: ProviderCalls, leased: Leased): Promise<AttemptEvent | undefined> {
  switch (leased.due) {
    case 'submit':
      return submit(calls, leased);
    case 'query':
      return query(calls, leased);
    case 'close':
      return close(calls, leased);
  }
}

/** Prepared, stored, sent, in this order. The same bytes again if they may have been sent before. */
async function submit(calls: ProviderCalls, leased: Leased): Promise<AttemptEvent | undefined> {
  const { adapter, attempts, clock } = calls;
  const { attempt, state } = leased;
  if (clock.now() >= attempt.notAfter) {
    return state.status === 'requested' ? { type: 'too_late' } : query(calls, leased);
  }
  const made = leased.prepared === undefined ? await prepare(calls, leased) : ok(leased.prepared);
  if (!made.ok) {
    const { attemptId, account } = attempt;
    const { code } = made.refusal;
    calls.logger.error('attempt cannot be prepared', { attemptId, account, code });
    return { type: 'unpreparable', refusal: code };
  }
  if (!(await attempts.begin(leased, made.value))) return undefined;
  const report = await callProvider(calls, attempt, 'submit', () => adapter.submit(made.value));
  return { type: 'submit_answered', report: report ?? GATEWAY_FAULT };
}

/** The only place that opens what was sealed to us; it goes no further than into the bytes. */
async function prepare(
  { adapter, sealing, clock, logger }: ProviderCalls,
  { attempt }: Leased,
): Promise<Result<Prepared, PrepareRefusal>> {
  let payer: SealedFields = {};
  if (attempt.sealedPayer !== undefined) {
    const opened = await sealing?.read(attempt.sealedPayer);
    if (opened === undefined || !opened.ok) {
      const { attemptId, account } = attempt;
      const code = opened?.refusal ?? 'no_keys';
      logger.error('sealed fields cannot be opened', { attemptId, account, code });
      return refuse({ code: 'payer_unreadable' });
    }
    payer = opened.value;
  }
  return adapter.prepare(attempt, clock.now(), payer);
}

async function query(calls: ProviderCalls, leased: Leased): Promise<AttemptEvent | undefined> {
  const { attempt, closing, state } = leased;
  const prepared = leased.prepared ?? (await preparedInDoubt(calls, leased));
  if (prepared === undefined) return undefined;
  const taken = state.status === 'succeeded' ? state : undefined;
  const askedAt = calls.clock.now();
  const report = await callProvider(calls, attempt, 'query', () =>
    calls.adapter.query(prepared, taken),
  );
  return {
    type: 'query_answered',
    report: settled(report ?? GATEWAY_FAULT, {
      askedAt,
      expiresAt: prepared.expiresAt,
      sentAt: leased.sentAt ?? askedAt,
      closing,
      closable: calls.closing !== undefined,
    }),
  };
}

/**
 * Of an order that may have been sent in a time that this database has lost: the same as far as it follows
 * from the command, which the order's number does. Nothing is sent.
 */
async function preparedInDoubt(
  calls: ProviderCalls,
  leased: Leased,
): Promise<Prepared | undefined> {
  const made = await prepare(calls, leased);
  if (!made.ok) throw new Error(`an order in doubt cannot be asked for: ${made.refusal.code}`);
  return (await calls.attempts.keepPrepared(leased, made.value)) ? made.value : undefined;
}

/** Asked for before, when it was unpaid: `next-work.ts` sees to that. */
async function close(calls: ProviderCalls, leased: Leased): Promise<AttemptEvent | undefined> {
  const { closing, attempts } = calls;
  if (closing === undefined) return query(calls, leased);
  const prepared = sent(leased);
  const reason = await attempts.beginClose(leased);
  if (reason === undefined) return undefined;
  const inDoubt = leased.state.status === 'unknown';
  const report = await callProvider(calls, leased.attempt, 'close', () =>
    closing.close(prepared, inDoubt),
  );
  return { type: 'close_answered', report: report ?? GATEWAY_FAULT, reason };
}

/** Of what was never sent nothing is asked; `askNow` and the claims keep to that. */
function sent({ prepared, attempt }: Leased): Prepared {
  if (prepared === undefined) throw new Error(`order was never sent: ${attempt.attemptId}`);
  return prepared;
}
