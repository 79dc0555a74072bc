import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { Forgery, Notice } from '@hutong/gateway/conformance';
import { signedTextDigest } from './second-signature.examples.js';

/** Every way in which a notification can be somebody else's, made from a genuine one. */
export function unionpayForgeries({ headers, body }: Notice): readonly Forgery[] {
  const pairs = body.split('&');
  const as = (said: string): Notice => ({ headers, body: said });
  const genuine = Object.fromEntries(new URLSearchParams(body));
  const saying = (said: Readonly<Record<string, string | undefined>>): Notice => {
    const kept = pairs.filter((pair) => !Object.hasOwn(said, pair.slice(0, pair.indexOf('='))));
    const added = Object.entries(said).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
    );
    return as([...kept, ...added].join('&'));
  };
  const { signature = '', signPubKeyCert = '' } = genuine;
  return [
    { what: 'no signature', notice: saying({ signature: undefined }) },
    { what: 'an empty signature', notice: saying({ signature: '' }) },
    { what: 'a signature of nobody', notice: saying({ signature: random(256) }) },
    { what: 'not base64', notice: saying({ signature: `${signature}\u00e9` }) },
    { what: 'the url-safe alphabet', notice: saying({ signature: `-_${signature.slice(2)}` }) },
    { what: 'no certificate', notice: saying({ signPubKeyCert: undefined }) },
    { what: 'no certificate at all in it', notice: saying({ signPubKeyCert: random(64) }) },
    {
      what: 'its certificate twice',
      notice: saying({ signPubKeyCert: `${signPubKeyCert}\r\n${signPubKeyCert}` }),
    },
    {
      what: 'its certificate with other line ends',
      notice: saying({ signPubKeyCert: signPubKeyCert.replaceAll('\r\n', '\n') }),
    },
    { what: 'a key of its own', notice: saying(signedByAnyone(genuine)) },
    { what: 'another amount', notice: saying({ txnAmt: '1' }) },
    { what: 'another order', notice: saying({ orderId: '01KQ0000000000000000000000' }) },
    { what: 'another kind', notice: saying({ txnType: '04' }) },
    { what: 'a field more', notice: saying({ extra: '1' }) },
    { what: 'a field less', notice: saying({ traceNo: undefined }) },
    { what: 'another method', notice: saying({ signMethod: '12' }) },
    { what: 'the older version', notice: saying({ version: '5.0.0' }) },
    { what: 'a field folded into the one before it', notice: saying(folded(genuine)) },
    { what: 'a field twice', notice: as(`${body}&respCode=00`) },
    { what: 'a field twice, once encoded', notice: as(`${body}&resp%43ode=00`) },
    { what: 'everything encoded once more', notice: as(pairs.map(encodedAgain).join('&')) },
    { what: 'no body', notice: as('') },
    { what: 'JSON', notice: as(JSON.stringify(genuine)) },
  ];
}

/** Two fields said as one: what is signed is the same text, since nothing in it is escaped. */
function folded(genuine: Readonly<Record<string, string>>) {
  const [first = '', second = ''] = Object.keys(genuine)
    .filter((name) => name !== 'signature')
    .toSorted();
  return { [first]: `${genuine[first]}&${second}=${genuine[second]}`, [second]: undefined };
}

const random = (bytes: number): string => randomBytes(bytes).toString('base64');

/** A message that verifies by the key that it brings along, which is no certificate of anybody's. */
function signedByAnyone(genuine: Readonly<Record<string, string>>) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signPubKeyCert = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const digest = signedTextDigest({ ...genuine, signPubKeyCert });
  return { signPubKeyCert, signature: sign('sha256', digest, privateKey).toString('base64') };
}

function encodedAgain(pair: string): string {
  const [name = '', ...value] = pair.split('=');
  return name === 'signature' ? pair : `${name}=${encodeURIComponent(value.join('='))}`;
}
