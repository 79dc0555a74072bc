import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { platformId } from '@hutong/domain-events';
import type { Notice, Scenario } from '@hutong/gateway/conformance';
import type { Portal } from './account-files.examples.js';
import { aCertificate, aParty } from './certificates.examples.js';
import { authoritiesIn } from './unionpay.certificates.signature.js';
import type { UnionpayAccount } from './unionpay.account.config.js';

/** An answer or a notification as it was sent, byte for byte. */
export type Recorded = Notice;

/** What was recorded of one transaction. */
type RecordedCalls = Readonly<{
  create: Recorded;
  /** The same create once more: 12. */
  again: Recorded;
  /** By origRespCode, or 34 where there is nothing yet. */
  query: Readonly<Record<string, Recorded>>;
  notice: Recorded;
  otherAmount?: Recorded;
}>;

export type RecordedRefund = RecordedCalls & Readonly<{ refundId: string }>;
export type RecordedOrder = RecordedCalls &
  Readonly<{ attemptId: string; refund?: RecordedRefund }>;

type Payloads = Readonly<{
  /** When all orders were made, and all refunds. */
  at: string;
  refundAt: string;
  /** Without the merchant's own key: what it signs is not recorded. */
  portal: Omit<Portal, 'privateKeyPem' | 'certificatePem'>;
  /** UnionPay's, and how it is named in decimal. */
  certificate: Readonly<{ pem: string; certId: string }>;
  vectors: Readonly<{
    orderNumber: string;
    answer: Recorded;
    queried: Recorded;
    notFound: Recorded;
    timedOut: Recorded;
    unsignedRefusal: Recorded;
    notice: Recorded;
    noticeByBank: Recorded;
    noticeWithDefect: Recorded;
    undoNotice: Recorded;
  }>;
  /** `code` is paid by a code shown in store, as `sealed` is. */
  orders: Readonly<Record<Scenario | 'code', RecordedOrder>>;
}>;

const file = join(import.meta.dirname, '../recorded/payloads.json');

/** Made once by another implementation of the protocol, and OpenSSL; the keys that signed it are gone. */
export const recorded = JSON.parse(readFileSync(file, 'utf8')) as Payloads;

const merchant = aParty(`051@${recorded.portal.merId}@taobao@00000001`);

/** With a merchant's key of this run: no private key lies in the repository. */
export const thePortal: Portal = {
  ...recorded.portal,
  privateKeyPem: merchant.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  certificatePem: aCertificate(merchant),
};

/** The merchant of the recordings. */
export const theAccount = (said: Partial<UnionpayAccount> = {}): UnionpayAccount => ({
  account: 'taobao',
  platform: platformId('taobao'),
  merchants: [],
  requestsPerSecond: 100,
  concurrency: 8,
  refundGapMs: 0,
  merId: recorded.portal.merId,
  privateKey: merchant.privateKey,
  certId: '10',
  trust: {
    middles: authoritiesIn(recorded.portal.middlePem),
    roots: authoritiesIn(recorded.portal.rootPem),
  },
  terminalId: '49000002',
  notifyUrl: 'https://pay.example/notifications/taobao',
  ...said,
});

/** What verifies the merchant's own requests. */
export const merchantsKey = merchant.publicKey;
