import { randomBytes, randomUUID } from 'node:crypto';
import type { Logger } from '@hutong/telemetry';
import type { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import type { Faults } from '../faults/faults.js';
import {
  Notifier,
  type Channel,
  type Notification as NotificationOf,
  type Told,
  type Try as TryOf,
} from '../notifying/notifier.adapter.js';
import { tryPlanOf, TRUE_AND_GOOD, type Manner, type SignatureKind } from './fault-plans.js';
import { gapAfter } from './ladder.js';
import { notificationBody, type News } from './notification.signature.js';
import type { PlatformCertificates } from './platform-certificates.adapter.js';
import type { PlatformKey, WechatAccount } from './wechat-accounts.adapter.js';
import { isNotifyCall, type NotifyCall } from './wechat-faults.js';
import { signatureHeaders } from './wechat-headers.signature.js';
import { sendNotification } from './wechat-notification.client.js';

/** What WeChat's books keep of a try: by which key it was signed, and how. */
type Seen = Readonly<{ serial: string; signature: SignatureKind }>;
export type Try = TryOf<Seen>;
export type Notification = NotificationOf<Seen>;

/** What a merchant is to hear. */
export type Telling = Readonly<{
  /** WeChat's number for the payment or refund. */
  about: string;
  outTradeNo: string;
  notifyUrl: string;
  account: WechatAccount;
  /** Under which name faults are armed for it. */
  call: NotifyCall;
  news: News;
}>;

type Content = Pick<Telling, 'notifyUrl' | 'account' | 'news'>;

/** Tells merchants of payments and refunds, as WeChat does. */
export class WechatNotifier {
  private readonly notifier: Notifier<Content, Manner, Seen>;

  constructor(
    clock: SandboxClock,
    faults: Faults,
    certificates: PlatformCertificates,
    logger: Logger,
  ) {
    this.notifier = new Notifier(channelOf(certificates), clock, faults, logger);
  }

  /** Starts at once and returns at once. */
  tell({ about, outTradeNo, call, ...news }: Telling): void {
    this.notifier.tell({ about, outTradeNo, call, eventType: news.news.eventType, news });
  }

  of(about: string): readonly Notification[] {
    return this.notifier.of(about);
  }

  /** @returns `undefined` if nothing was told of this payment or refund. */
  repeat(
    about: string,
    { copies, signature }: Readonly<{ copies: number; signature: SignatureKind }>,
  ): Promise<readonly Try[] | undefined> {
    return this.notifier.repeat(about, { copies, how: { ...TRUE_AND_GOOD, signature } });
  }

  stop(): Promise<void> {
    return this.notifier.stop();
  }
}

const channelOf = (certificates: PlatformCertificates): Channel<Content, Manner, Seen> => {
  const keyOf = ({ account }: Content, { key }: Manner): PlatformKey =>
    key === 'publicKey' ? account.publicKey : certificates.signer;
  return {
    provider: 'wechat',
    newId: () => randomUUID(),
    gapAfter,
    planOf(call, fault) {
      if (!isNotifyCall(call)) throw new Error('WeChat tells nothing under that name');
      return tryPlanOf(call, fault);
    },
    usual: TRUE_AND_GOOD,
    forged: { ...TRUE_AND_GOOD, signature: 'probe' },
    seen: (content, manner) => ({
      serial: keyOf(content, manner).serial,
      signature: manner.signature,
    }),
    send({ id, createdAt, news }: Told<Content>, manner, now) {
      const { apiV3Key } = news.account;
      const { extraFen } = manner;
      const parts = { id, createdAt, apiV3Key, nonce: randomBytes(6).toString('hex'), extraFen };
      const body = Buffer.from(notificationBody(news.news, parts));
      const nonce = randomBytes(16).toString('hex');
      const signing = { key: keyOf(news, manner), now, nonce, kind: manner.signature };
      return sendNotification(news.notifyUrl, body, signatureHeaders(body, signing));
    },
  };
};
