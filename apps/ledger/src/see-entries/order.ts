import { attemptId, refundId } from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';
import { uuidOf } from '../posting/order-ref.js';

export type EntriesRefusal = Readonly<{ code: 'one_order_wanted' }>;

/** The number in the log of the one attempt or refund that was asked for. */
export function orderAsked(
  asked: Readonly<{ attempt?: string; refund?: string }>,
): Result<string, EntriesRefusal> {
  const { attempt, refund } = asked;
  if (attempt !== undefined && refund === undefined) return ok(uuidOf(attemptId(attempt)));
  if (refund !== undefined && attempt === undefined) return ok(uuidOf(refundId(refund)));
  return refuse({ code: 'one_order_wanted' });
}
