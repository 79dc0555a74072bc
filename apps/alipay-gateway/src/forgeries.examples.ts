import { randomBytes } from 'node:crypto';
import type { Forgery, Notice } from '@hutong/gateway/conformance';

/** Every way in which a notification can be somebody else's, made from a genuine one. */
export function alipayForgeries({ headers, body }: Notice): readonly Forgery[] {
  const pairs = body.split('&');
  const saying = (name: string, value: string | undefined): Notice => ({
    headers,
    body: [
      ...pairs.filter((pair) => !pair.startsWith(`${name}=`)),
      ...(value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]),
    ].join('&'),
  });
  const sign = pairs.find((pair) => pair.startsWith('sign=')) ?? '';
  const genuine = decodeURIComponent(sign.slice('sign='.length));
  const as = (said: string): Notice => ({ headers, body: said });
  return [
    { what: 'no signature', notice: saying('sign', undefined) },
    { what: 'an empty signature', notice: saying('sign', '') },
    { what: 'a signature of nobody', notice: saying('sign', randomBytes(256).toString('base64')) },
    { what: 'no scheme', notice: saying('sign_type', undefined) },
    { what: 'the older scheme', notice: saying('sign_type', 'RSA') },
    { what: 'not base64', notice: saying('sign', `${genuine}\u00e9`) },
    {
      what: 'the url-safe alphabet',
      notice: saying('sign', `-_${genuine.slice(2)}`),
    },
    { what: 'another amount', notice: saying('total_amount', '0.02') },
    { what: 'another order', notice: saying('out_trade_no', '01KQ0000000000000000000000') },
    { what: 'a field more', notice: saying('extra', '1') },
    { what: 'a field less', notice: saying('notify_time', undefined) },
    { what: 'a field twice', notice: as(`${body}&trade_status=TRADE_SUCCESS`) },
    { what: 'its signature twice', notice: as(`${body}&${sign}`) },
    { what: 'a field twice, once encoded', notice: as(`${body}&trade%5Fstatus=TRADE_SUCCESS`) },
    { what: 'everything encoded once more', notice: as(pairs.map(encodedAgain).join('&')) },
    {
      what: 'an unknown certificate',
      notice: saying('alipay_cert_sn', '0123456789abcdef0123456789abcdef'),
    },
    { what: 'no body', notice: as('') },
    { what: 'JSON', notice: as(JSON.stringify({ body })) },
  ];
}

function encodedAgain(pair: string): string {
  const [name = '', ...value] = pair.split('=');
  return name === 'sign' ? pair : `${name}=${encodeURIComponent(value.join('='))}`;
}
