import { refuse, type Result } from '@hutong/result';
import type { AlipayAccount } from './alipay-accounts.adapter.js';
import { authenticate, type Caller } from './authenticate.signature.js';
import { productOf } from './methods.js';
import { readOrder, type Asked } from './order-terms.js';
import type { OrderWire } from './biz.wire.js';
import { readParameters } from './parameters.js';
import { alipayRefusal, type AlipayRefusal } from './refusal.js';

/**
 * Who signed what a payer's side brings, an order string or the query of an address: nothing opens if
 * the signature is wrong.
 */
export function signerOf(
  text: string,
  accounts: readonly AlipayAccount[],
  now: Date,
): Result<Caller, AlipayRefusal> {
  const parameters = readParameters(text, '');
  return parameters === undefined
    ? refuse(alipayRefusal('isv.invalid-parameter'))
    : authenticate(parameters, accounts, now);
}

/** An order that a browser or a client brings, and no server. */
export function readBrought(caller: Caller): Result<Asked<OrderWire>, AlipayRefusal> {
  const product = productOf(caller.method);
  return product === undefined
    ? refuse(alipayRefusal('isv.invalid-method'))
    : readOrder(caller, product);
}
