import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { platformId } from '@hutong/domain-events';
import type { Notice, Scenario } from '@hutong/gateway/conformance';
import { aKeyPair, type Portal } from './account-files.examples.js';
import type { AlipayAccount } from './alipay.account.config.js';

/** An answer or a notification as it was sent, byte for byte. */
export type Recorded = Notice;

export type RecordedRefund = Readonly<{
  refundId: string;
  create: Recorded;
  again: Recorded;
  query: Readonly<Record<'REFUND_SUCCESS' | 'NONE', Recorded>>;
  notice: Recorded;
}>;

export type RecordedOrder = Readonly<{
  attemptId: string;
  create: Recorded;
  query: Readonly<Record<string, Recorded>>;
  close: Recorded;
  closeRefused: Recorded;
  closeMissing: Recorded;
  notice: Recorded;
  otherAmount?: Recorded;
  refund?: RecordedRefund;
}>;

type Payloads = Readonly<{
  /** When all of it was signed. */
  at: string;
  /** Without the merchant's own key: what it signs is not recorded. */
  portal: Omit<Portal, 'appPrivateKeyPem'>;
  /** Of another key of Alipay's, with the root that vouches for it. */
  certificate: Readonly<{ sn: string; pem: string; rootsPem: string }>;
  vectors: Readonly<{
    orderNumber: string;
    answer: Recorded;
    signedBeforeItsSlashesWereEscaped: Recorded;
    byCertificate: Recorded;
    encrypted: Recorded;
    contentKey: string;
    plain: string;
    ciphertext: string;
    unsignedRefusal: Recorded;
    errorResponse: Recorded;
    notice: Recorded;
    noticeByCertificate: Recorded;
  }>;
  /** `code` is paid by a code shown in store, as `sealed` is. */
  orders: Readonly<Record<Scenario | 'code', RecordedOrder>>;
}>;

const folder = join(import.meta.dirname, '../recorded');

/** Made once by another implementation of the protocol, and OpenSSL; the keys that signed it are gone. */
export const recorded = JSON.parse(readFileSync(join(folder, 'payloads.json'), 'utf8')) as Payloads;

/** Public certificates of Alipay and of a merchant's app, from the tests of its official Node SDK. */
export const publicCertificate = (name: 'alipay' | 'app' | 'roots'): string =>
  readFileSync(join(folder, `certificates/${name}.pem`), 'utf8');

const privateKey = createPrivateKey(aKeyPair().privateKeyPem);

/** The merchant of the recordings, who signs with a key of this run. */
export const theAccount = (said: Partial<AlipayAccount> = {}): AlipayAccount => {
  const { appId, sellerId, alipayPublicKeyPem } = recorded.portal;
  return {
    account: 'taobao',
    platform: platformId('taobao'),
    merchants: [],
    requestsPerSecond: 100,
    concurrency: 8,
    refundGapMs: 3_000,
    appId,
    sellerId,
    privateKey,
    certificates: undefined,
    keys: new Map([['alipay.pem', createPublicKey(alipayPublicKeyPem)]]),
    contentKey: undefined,
    qrProductCode: 'QR_CODE_OFFLINE',
    notifyUrl: 'https://pay.example/notifications/taobao',
    ...said,
  };
};
