import { randomBytes } from 'node:crypto';
import type { Forgery, Notice } from '@hutong/gateway/conformance';

const SIGNATURE = 'wechatpay-signature';

/** Every way in which a notification can be somebody else's, made from a genuine one. */
export function wechatForgeries({ headers, body }: Notice): readonly Forgery[] {
  const signature = headers[SIGNATURE] ?? '';
  const timestamp = Number(headers['wechatpay-timestamp']);
  const saying = (said: Record<string, string>): Notice => ({
    headers: { ...headers, ...said },
    body,
  });
  const unsigned = Object.fromEntries(
    Object.entries(headers).filter(([name]) => name !== SIGNATURE),
  );
  const random = (bytes: number) => randomBytes(bytes).toString('base64');
  return [
    { what: 'no signature', notice: { headers: unsigned, body } },
    { what: 'a signature of nobody', notice: saying({ [SIGNATURE]: random(256) }) },
    {
      what: 'a probe',
      notice: saying({ [SIGNATURE]: `WECHATPAY/SIGNTEST/${random(237)}` }),
    },
    { what: 'not base64', notice: saying({ [SIGNATURE]: `${signature}\u00e9` }) },
    {
      what: 'the url-safe alphabet',
      notice: saying({ [SIGNATURE]: `-_${signature.slice(2)}` }),
    },
    { what: 'another body', notice: { headers, body: body.replace('encrypt', 'encrypT') } },
    { what: 'a space behind the body', notice: { headers, body: `${body} ` } },
    { what: 'no body', notice: { headers, body: '' } },
    { what: 'no JSON', notice: { headers, body: body.slice(0, -1) } },
    { what: 'another time', notice: saying({ 'wechatpay-timestamp': `${timestamp + 1}` }) },
    { what: 'a time that is none', notice: saying({ 'wechatpay-timestamp': 'now' }) },
    { what: 'another nonce', notice: saying({ 'wechatpay-nonce': 'another' }) },
    {
      what: 'an unknown key',
      notice: saying({ 'wechatpay-serial': 'PUB_KEY_ID_0000000000000000000000000001' }),
    },
    {
      what: 'another scheme',
      notice: saying({ 'wechatpay-signature-type': 'WECHATPAY2-SM2-WITH-SM3' }),
    },
  ];
}
