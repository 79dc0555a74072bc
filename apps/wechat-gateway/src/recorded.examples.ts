import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '@hutong/config';
import { platformId } from '@hutong/domain-events';
import type { Notice, Scenario } from '@hutong/gateway/conformance';
import { aKeyPair, type Portal } from './account-files.examples.js';
import type { WechatAccount } from './wechat.account.config.js';

/** An answer or a notification as it was sent, byte for byte. */
export type Recorded = Notice;

export type RecordedRefund = Readonly<{
  refundId: string;
  create: Recorded;
  query: Readonly<Record<string, Recorded>>;
  notice: Recorded;
  otherAmount?: Recorded;
}>;

export type RecordedOrder = Readonly<{
  attemptId: string;
  create: Recorded;
  query: Readonly<Record<string, Recorded>>;
  notice: Recorded;
  otherAmount?: Recorded;
  close?: Recorded;
  refund?: RecordedRefund;
}>;

type LaterScenario = Extract<
  Scenario,
  'ended' | 'ended_paid' | 'refunded' | 'refund_lost' | 'refund_less' | 'sealed'
>;
type FirstScenario = Exclude<Scenario, LaterScenario>;

type Payloads = Readonly<{
  /** When all of it was signed. */
  at: string;
  /** Without the merchant's own key: what it signs is not recorded. */
  portal: Omit<Portal, 'privateKeyPem' | 'certificateSerial'>;
  certificate: Readonly<{ serial: string; pem: string }>;
  vectors: Readonly<{
    answer: Recorded;
    emptyAnswer: Recorded;
    notice: Recorded;
    byCertificate: Recorded;
    withoutAssociatedData: Recorded;
    withEmptyAssociatedData: Recorded;
    refundNotice: Recorded;
    orderNumber: string;
  }>;
  orders: Readonly<Record<FirstScenario, RecordedOrder>>;
}>;

/** Of another merchant, recorded later. */
type MorePayloads = Pick<Payloads, 'at' | 'portal'> &
  Readonly<{ orders: Readonly<Record<LaterScenario, RecordedOrder>> }>;

/** Made once by another implementation of the protocol; the keys that signed it are gone. */
export const recorded = JSON.parse(textOf('payloads.json')) as Payloads;
export const recordedLater = JSON.parse(textOf('closing-and-refunds.json')) as MorePayloads;

/** Every order, whoever's it is. */
export const recordedOrders: Readonly<Record<Scenario, RecordedOrder>> = {
  ...recorded.orders,
  ...recordedLater.orders,
};

function textOf(file: string): string {
  return readFileSync(join(import.meta.dirname, '../recorded', file), 'utf8');
}

const privateKey = createPrivateKey(aKeyPair().privateKeyPem);

/** The merchant of the recordings, who signs with a key of this run. */
export const theAccount = (said: Partial<WechatAccount> = {}): WechatAccount => {
  const { mchid, appid, apiV3Key, publicKeyId, publicKeyPem } = recorded.portal;
  return {
    account: 'taobao',
    platform: platformId('taobao'),
    merchants: [],
    requestsPerSecond: 100,
    concurrency: 8,
    refundGapMs: 60_000,
    mchid,
    appid,
    certificateSerial: 'A'.repeat(40),
    privateKey,
    apiV3Key: Secret.of(apiV3Key),
    appids: undefined,
    answerSerial: publicKeyId,
    downloadsCertificates: false,
    keys: new Map([[publicKeyId, createPublicKey(publicKeyPem)]]),
    notifyUrl: 'https://pay.example/notifications/taobao',
    ...said,
  };
};
