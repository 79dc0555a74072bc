import type { Method } from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';
import { decisionOn, type Asked, type ChoiceRefusal } from '../payment/choose.js';
import type { Payment } from '../payment/payment.js';
import { issuerFor, type CodeIssuer } from './pay-code.js';

export type CodeNotOffered = Readonly<{ code: 'pay_code_not_offered'; issuer: CodeIssuer }>;

/** A code that was read, and the offer under which it is to pay. */
export type CodeRead = Pick<Asked, 'offer' | 'now'> & Readonly<{ issuer: CodeIssuer }>;

/**
 * The method of the offer that takes this code: the first that reads codes of that app. The policy's
 * order decides whether the code goes to its own provider or through the acceptance of another.
 */
export function methodTaking(
  p: Payment,
  { issuer, ...asked }: CodeRead,
): Result<Method, ChoiceRefusal | CodeNotOffered> {
  const decision = decisionOn(p, asked);
  if (!decision.ok) return decision;
  const taking = decision.value.methods.find(
    ({ method }) => method.presentation === 'barcode' && issuerFor(method.instrument) === issuer,
  );
  return taking === undefined
    ? refuse({ code: 'pay_code_not_offered', issuer })
    : ok(taking.method);
}
