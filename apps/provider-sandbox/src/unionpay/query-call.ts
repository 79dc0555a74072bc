import { ok, refuse, type Result } from '@hutong/result';
import { queryAnswer } from './answer.js';
import type { CallWorld, Done } from './calls.js';
import type { Identity } from './order.js';
import type { Refusal } from './result-code.js';
import type { Fields } from './unionpay.signature.js';

/** respCode speaks of the query itself, origRespCode of what was asked for. */
export function query(
  { book, polls, now, gapMs, plan }: CallWorld,
  { queryId = '' }: Fields,
  identity: Identity,
): Result<Done, Refusal> {
  const { merId, orderId, txnTime } = identity;
  if (polls.isTooMany(`${merId}/${orderId}/${txnTime}`, gapMs)) return refuse({ code: '37' });
  const found = queryId === '' ? book.find(identity, now) : book.findByQueryId(merId, queryId, now);
  const says = found && queryAnswer(found, { extraFen: plan.extraFen, told: plan.origCode });
  return says === undefined ? refuse({ code: '34' }) : ok({ says });
}
