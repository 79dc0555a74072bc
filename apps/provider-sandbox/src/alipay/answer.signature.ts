import type { KeyObject } from 'node:crypto';
import { encrypted, signed } from './alipay.signature.js';
import type { AnswerSignature } from './fault-plans.js';
import type { Node } from './reply.js';

export type Answering = Readonly<{
  /** `alipay_trade_query_response` */
  name: string;
  node: Node;
  key: KeyObject;
  /** In certificate mode, whose key it is. */
  certSn: string | undefined;
  /** Where content is encrypted. */
  aesKey: string | undefined;
  signature: AnswerSignature;
}>;

/**
 * The document that answers: what is signed is the node exactly as it stands there, slashes escaped
 * and, where it is encrypted, with its quotes.
 */
export function answerDocument(answering: Answering): string {
  const { name, node, key, certSn, aesKey, signature } = answering;
  const plain = JSON.stringify(node);
  const content = aesKey === undefined ? plain : `"${encrypted(plain, aesKey)}"`;
  const shown = escapedSlashes(content);
  const parts = [`"${name}":${shown}`];
  if (certSn !== undefined) parts.push(`"alipay_cert_sn":"${certSn}"`);
  if (signature !== 'none') {
    const over = { good: shown, plain_slashes: content, bad: `${shown} ` }[signature];
    parts.push(`"sign":"${signed(over, key)}"`);
  }
  return `{${parts.join(',')}}`;
}

/** As PHP and Alipay write them. */
const escapedSlashes = (json: string): string => json.replaceAll('/', '\\/');
