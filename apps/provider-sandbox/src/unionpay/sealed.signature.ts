import type { KeyObject } from 'node:crypto';
import { signatureOf, type Fields } from './unionpay.signature.js';

/**
 * How a message goes out: as it should, with the signature of something else, with none, or with a
 * certificate that nobody may believe although it verifies the signature beside it.
 */
export type SigningKind =
  'good' | 'bad' | 'unsigned' | 'wrong_subject' | 'expired' | 'foreign_chain';

/** @property pem with CRLF line ends, as UnionPay puts it into its messages */
export type Signer = Readonly<{ privateKey: KeyObject; pem: string }>;

/** The message with the certificate and the signature that make it UnionPay's, or nearly. */
export function sealed(fields: Fields, { privateKey, pem }: Signer, kind: SigningKind): Fields {
  if (kind === 'unsigned') return fields;
  const said = { ...fields, signPubKeyCert: pem };
  const signature = signatureOf(kind === 'bad' ? { ...said, version: '' } : said, privateKey);
  return { ...said, signature };
}
