import { ok, type Result } from '@hutong/result';
import type { CallWorld, Done } from './calls.js';
import type { Identity } from './order.js';
import { mayBegin, movingTermsOf } from './placing.js';
import type { Refusal } from './result-code.js';
import type { Fields } from './unionpay.signature.js';

/** 00 says that it was accepted; what becomes of it is told later, or asked for. */
export function giveBack(
  world: CallWorld,
  kind: 'refund' | 'undo',
  fields: Fields,
  identity: Identity,
): Result<Done, Refusal> {
  const allowed = mayBegin(world, identity);
  if (!allowed.ok) return allowed;
  const { origQryId = '' } = fields;
  const terms = { ...movingTermsOf(fields), ...identity, kind, origQryId };
  const begun = world.refunds.request(terms, world.plan.refund);
  return begun.ok ? ok({ says: begun.value }) : begun;
}
