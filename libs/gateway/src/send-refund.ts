import type { Clock } from '@hutong/config';
import { ok, type Result } from '@hutong/result';
import type { Account, Accounts } from './accounts.js';
import { callProvider, type Watched } from './call-provider.js';
import type { PreparedRefund, PrepareRefusal, RefundingPort } from './gateway-port.js';
import { believed, type RefundEvent } from './refund-state.js';
import type { LeasedRefund, Refunds } from './refunds.repository.js';

export type RefundCalls = Watched &
  Readonly<{
    refunding: RefundingPort;
    refunds: Refunds;
    accounts: Pick<Accounts<Account>, 'named'>;
    clock: Clock;
  }>;

const GATEWAY_FAULT = { kind: 'unknown', cause: 'gateway_fault' } as const;

/** Does what is due for a refund: one call of the provider at most, under the lease that the caller holds. */
export async function doDueRefund(calls: RefundCalls, leased: LeasedRefund): Promise<void> {
  const event = leased.due === 'refund' ? await send(calls, leased) : await query(calls, leased);
  if (event === undefined) return;
  const { refundId, attemptId, account } = leased.refund;
  const stuck = 'report' in event && event.report.kind === 'pending' && event.report.stuck;
  if (stuck)
    calls.logger.error('refund needs hands', { refundId, attemptId, account, code: stuck });
  const kept = await calls.refunds.record(leased, event);
  if (!kept) calls.logger.warn('answer came after the lease', { refundId, attemptId, account });
}

/** Prepared, stored, sent, when it is its turn. The same bytes under the same number, however often. */
async function send(calls: RefundCalls, leased: LeasedRefund): Promise<RefundEvent | undefined> {
  const { refunding, refunds, accounts, clock, logger } = calls;
  const { refund, sentAt: earlierAt } = leased;
  const made = await prepare(calls, leased);
  if (!made.ok) {
    const { refundId, attemptId, account } = refund;
    const { code } = made.refusal;
    logger.error('refund cannot be prepared', { refundId, attemptId, account, code });
    return { type: 'unpreparable', refusal: code };
  }
  const gapMs = accounts.named(refund.account)?.refundGapMs ?? 0;
  if (!(await refunds.begin(leased, made.value, gapMs))) return undefined;
  const now = clock.now();
  const report = await callProvider(calls, refund, 'refund', () => refunding.refund(made.value));
  return { type: 'refund_answered', report: believed(report ?? GATEWAY_FAULT, { earlierAt, now }) };
}

async function prepare(
  { refunding, refunds, clock }: RefundCalls,
  leased: LeasedRefund,
): Promise<Result<PreparedRefund, PrepareRefusal>> {
  if (leased.prepared !== undefined) return ok(leased.prepared);
  return refunding.prepareRefund(leased.refund, await refunds.orderOf(leased), clock.now());
}

async function query(calls: RefundCalls, leased: LeasedRefund): Promise<RefundEvent> {
  const { prepared, refund } = leased;
  // Nothing was ever sent, so there is nothing to ask for; `askNow` and the claims keep to that.
  if (prepared === undefined) throw new Error(`refund was never sent: ${refund.refundId}`);
  const report = await callProvider(calls, refund, 'query_refund', () =>
    calls.refunding.queryRefund(prepared),
  );
  return { type: 'query_answered', report: report ?? GATEWAY_FAULT };
}
