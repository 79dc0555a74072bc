import { randomBytes } from 'node:crypto';
import type { Logger } from '@hutong/telemetry';
import type { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import type { Faults } from '../faults/faults.js';
import {
  Notifier,
  type Channel,
  type Notification as NotificationOf,
  type Try as TryOf,
} from '../notifying/notifier.adapter.js';
import { isNotifyCall, type NotifyCall } from './alipay-faults.js';
import { sendNotice } from './alipay-notification.client.js';
import type { AlipaySigners } from './alipay-signers.adapter.js';
import { tryPlanOf, TRUE_AND_GOOD, type Manner } from './fault-plans.js';
import { gapAfter } from './ladder.js';
import { noticeForm, type News } from './notice.signature.js';
import { statusOf } from './trade.js';

type Seen = Readonly<{ signature: Manner['signature'] }>;
export type Try = TryOf<Seen>;
export type Notification = NotificationOf<Seen>;

type Content = News & Readonly<{ notifyUrl: string }>;

/** Tells merchants of payments and, where they asked for it, of the rest, as Alipay does. */
export class AlipayNotifier {
  private readonly notifier: Notifier<Content, Manner, Seen>;

  constructor(signers: AlipaySigners, clock: SandboxClock, faults: Faults, logger: Logger) {
    this.notifier = new Notifier(channelOf(signers), clock, faults, logger);
  }

  /** Starts at once and returns at once; an order without notify_url is told to nobody. */
  tell(call: NotifyCall, news: News): void {
    const { trade } = news;
    const { notifyUrl, outTradeNo } = trade.terms;
    if (notifyUrl === undefined) return;
    const eventType = statusOf(trade, news.at);
    this.notifier.tell({
      about: aboutOf(trade.tradeNo, news.refund?.outRequestNo),
      outTradeNo,
      call,
      eventType,
      news: { ...news, notifyUrl },
    });
  }

  /** @param outRequestNo of a refund; without it, of the payment */
  of(tradeNo: string, outRequestNo?: string): readonly Notification[] {
    return this.notifier.of(aboutOf(tradeNo, outRequestNo));
  }

  /** @returns `undefined` if nothing was told of this payment or refund. */
  repeat(
    { tradeNo, outRequestNo }: Readonly<{ tradeNo: string; outRequestNo: string | undefined }>,
    { copies, signature }: Readonly<{ copies: number; signature: Manner['signature'] }>,
  ): Promise<readonly Try[] | undefined> {
    const about = aboutOf(tradeNo, outRequestNo);
    return this.notifier.repeat(about, { copies, how: { ...TRUE_AND_GOOD, signature } });
  }

  stop(): Promise<void> {
    return this.notifier.stop();
  }
}

const aboutOf = (tradeNo: string, outRequestNo: string | undefined): string =>
  outRequestNo === undefined ? tradeNo : `${tradeNo}/${outRequestNo}`;

const channelOf = (signers: AlipaySigners): Channel<Content, Manner, Seen> => ({
  provider: 'alipay',
  newId: () => randomBytes(17).toString('hex'),
  gapAfter,
  planOf(call, fault) {
    if (!isNotifyCall(call)) throw new Error('Alipay tells nothing under that name');
    return tryPlanOf(call, fault);
  },
  usual: TRUE_AND_GOOD,
  forged: { ...TRUE_AND_GOOD, signature: 'bad' },
  seen: (_, { signature }) => ({ signature }),
  send({ id, news }, manner, sentAt) {
    const { privateKey: key } = signers.of(news.account, news.trade.terms.keys);
    return sendNotice(news.notifyUrl, noticeForm(news, { id, sentAt, key, manner }));
  },
});
