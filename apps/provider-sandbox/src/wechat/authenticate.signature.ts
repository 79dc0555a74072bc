import { ok, refuse, type Result } from '@hutong/result';
import { readAuthorization } from './authorization.js';
import { wechatRefusal, type WechatRefusal } from './refusal.js';
import type { WechatAccount } from './wechat-accounts.adapter.js';
import { isSignedBy, requestMessage, SCHEME } from './wechat.signature.js';

/** A request as it arrived. */
export type RawRequest = Readonly<{
  method: string;
  url: string;
  authorization: string | undefined;
  body: Uint8Array;
}>;

/** WeChat's clock and the merchant's may differ by this much. */
const SKEW_MS = 5 * 60 * 1_000;
/** Enough to see which line differs; WeChat shortens it too. */
const SHOWN_CHARACTERS = 200;

/**
 * Who asks, or why nobody knows. As WeChat does, the clock is looked at before anything else; every
 * refusal is 401 SIGN_ERROR, and says what is wrong.
 */
export function authenticate(
  request: RawRequest,
  accounts: readonly WechatAccount[],
  now: Date,
): Result<WechatAccount, WechatRefusal> {
  const read = readAuthorization(request.authorization);
  if (!read.ok) return refuse(signError(read.refusal));
  const { scheme, mchid, serial, timestamp, nonce, signature } = read.value;
  if (!/^\d{1,12}$/.test(timestamp)) return refuse(signError('timestamp is not Unix seconds'));
  if (Math.abs(now.getTime() - Number(timestamp) * 1_000) > SKEW_MS) {
    return refuse(signError('timestamp is more than five minutes away from now', 'timestamp'));
  }
  if (scheme !== SCHEME) return refuse(signError(`the scheme is not ${SCHEME}`));
  const account = accounts.find((known) => known.mchid === mchid);
  if (account === undefined) return refuse(signError('mchid is not known', 'mchid'));
  if (account.certificateSerial !== serial) {
    return refuse(signError('serial_no is not of a certificate of this merchant', 'serial_no'));
  }
  const message = requestMessage({ ...request, timestamp, nonce });
  if (isSignedBy(message, signature, account.merchantPublicKey)) return ok(account);
  return refuse(
    signError('sign not match', 'signature', {
      method: request.method,
      url: request.url,
      sign_message_length: message.length,
      truncated_sign_message: message.toString().slice(0, SHOWN_CHARACTERS),
    }),
  );
}

/** @param signInformation the message that was expected: what a developer compares with theirs. */
const signError = (
  issue: string,
  field = 'Authorization',
  signInformation?: Readonly<Record<string, string | number>>,
): WechatRefusal =>
  wechatRefusal('SIGN_ERROR', {
    field,
    issue,
    location: 'authorization',
    ...(signInformation && { sign_information: signInformation }),
  });
