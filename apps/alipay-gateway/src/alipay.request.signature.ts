import type { KeyObject } from 'node:crypto';
import { formText, type Form } from '@hutong/form';
import type { AlipayAccount } from './alipay.account.config.js';
import { encrypted, SIGN_TYPE, signed } from './alipay.signature.js';
import { beijingTime } from './alipay.time.js';

/** One call of the gateway, whoever asks. */
export type Call = Readonly<{
  /** `alipay.trade.query`. */
  method: string;
  /** JSON text, as it is signed and sent. */
  bizContent: string;
  /** Where news of the order goes. */
  notifyUrl?: string | undefined;
  /** Where the payer's browser goes afterwards; says nothing of whether they paid. */
  returnUrl?: string | undefined;
}>;

/** Who asks. */
export type Signer = Readonly<{
  appId: string;
  privateKey: KeyObject;
  /** In certificate mode, how Alipay names our certificate and the roots that we trust. */
  certificates?: Readonly<{ appSn: string; rootsSn: string }> | undefined;
  /** Where the content is encrypted: 16 bytes in base64. */
  contentKey?: string | undefined;
  at: Date;
}>;

export const signerOf = (
  { appId, privateKey, certificates, contentKey }: AlipayAccount,
  at: Date,
): Signer => ({ appId, privateKey, certificates, contentKey: contentKey?.reveal(), at });

/** Every parameter of a request, signed. */
export function signedRequest(call: Call, signer: Signer): Form {
  const { appId, privateKey, certificates, contentKey, at } = signer;
  const { method, bizContent, notifyUrl, returnUrl } = call;
  const parameters = {
    app_id: appId,
    method,
    format: 'JSON',
    charset: 'utf-8',
    sign_type: SIGN_TYPE,
    timestamp: beijingTime(at),
    version: '1.0',
    ...(notifyUrl !== undefined && { notify_url: notifyUrl }),
    ...(returnUrl !== undefined && { return_url: returnUrl }),
    ...(certificates !== undefined && {
      app_cert_sn: certificates.appSn,
      alipay_root_cert_sn: certificates.rootsSn,
    }),
    ...(contentKey !== undefined && { encrypt_type: 'AES' }),
    biz_content: contentKey === undefined ? bizContent : encrypted(bizContent, contentKey),
  };
  return signed(parameters, privateKey);
}

/** An address that the payer's browser opens: nobody of ours calls Alipay for it. */
export const requestUrl = (gateway: URL, request: Form): string =>
  `${gateway.href}?${formText(request)}`;
