import { sign } from 'node:crypto';
import type { Form } from '@hutong/form';
import { aCertificate, aParty } from './certificates.examples.js';
import { signedTextDigest } from './second-signature.examples.js';
import { authoritiesIn, type Trust } from './unionpay.certificates.signature.js';

/** Somebody who signs whatever a spec wants said, and whom an account can be told to trust. */
export type Signing = Readonly<{ trust: Trust; signed: (fields: Form) => Form }>;

export function aSigning(): Signing {
  const [root, middle] = [aParty('Root'), aParty('Middle')];
  const signer = aParty('041@1@中国银联股份有限公司@1');
  const pem = aCertificate(signer, { by: middle }).trim().replaceAll('\n', '\r\n');
  return {
    trust: {
      middles: authoritiesIn(aCertificate(middle, { by: root, ca: true })),
      roots: authoritiesIn(aCertificate(root, { ca: true })),
    },
    signed: (fields) => {
      const said = { version: '5.1.0', signMethod: '01', ...fields, signPubKeyCert: pem };
      const signature = sign('sha256', signedTextDigest(said), signer.privateKey);
      return { ...said, signature: signature.toString('base64') };
    },
  };
}

/** Pairs as an answer has them: not encoded. */
export const rawText = (fields: Form): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
