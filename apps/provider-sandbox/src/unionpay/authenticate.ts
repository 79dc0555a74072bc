import { ok, refuse, type Result } from '@hutong/result';
import type { Refusal } from './result-code.js';
import type { UnionpayAccount } from './unionpay-accounts.adapter.js';
import { isSignedBy, type Fields } from './unionpay.signature.js';

/** Who asks, or why nobody knows: 31 for no merchant of ours, 11 for everything about the signature. */
export function authenticate(
  fields: Fields,
  accounts: readonly UnionpayAccount[],
): Result<UnionpayAccount, Refusal> {
  const account = accounts.find(({ merId }) => merId === fields['merId']);
  if (account === undefined) return refuse({ code: '31', issue: 'merId' });
  if (fields['signMethod'] !== '01') return refuse({ code: '11', issue: 'signMethod is not 01' });
  if (fields['certId'] !== account.certId) {
    return refuse({ code: '11', issue: 'certId is not of a certificate of this merchant' });
  }
  return isSignedBy(fields, account.publicKey) ? ok(account) : refuse({ code: '11' });
}
