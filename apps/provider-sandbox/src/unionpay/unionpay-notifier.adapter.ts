import { randomUUID } from 'node:crypto';
import type { Logger } from '@hutong/telemetry';
import type { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import type { Faults } from '../faults/faults.js';
import {
  Notifier,
  type Channel,
  type Notification as NotificationOf,
  type Try as TryOf,
} from '../notifying/notifier.adapter.js';
import { noticeOf } from './answer.js';
import { tryPlanOf, TRUE_AND_GOOD, type Manner } from './fault-plans.js';
import { gapAfter } from './ladder.js';
import type { News } from './order-book.js';
import { sealed, type SigningKind } from './sealed.signature.js';
import type { SigningCertificates } from './signing-certificates.adapter.js';
import { isNotifyCall } from './unionpay-faults.js';
import { sendNotification } from './unionpay-notification.client.js';

/** What UnionPay's books keep of a try: how it was signed. */
type Seen = Readonly<{ signing: SigningKind }>;
export type Try = TryOf<Seen>;
export type Notification = NotificationOf<Seen>;

/** Tells merchants what succeeded, payments, refunds and undos, and never what did not. */
export class UnionpayNotifier {
  private readonly notifier: Notifier<News, Manner, Seen>;

  constructor(
    clock: SandboxClock,
    faults: Faults,
    certificates: SigningCertificates,
    logger: Logger,
  ) {
    this.notifier = new Notifier(channelOf(certificates), clock, faults, logger);
  }

  /** Starts at once and returns at once. @param news as it is now, and as every try will say it */
  tell(queryId: string, news: News): void {
    const isRefund = news.kind === 'refund';
    const { orderId } = isRefund ? news.refund.terms : news.order.terms;
    this.notifier.tell({
      about: queryId,
      outTradeNo: orderId,
      call: isRefund ? 'notify_refund' : 'notify',
      eventType: isRefund ? news.refund.terms.kind : 'payment',
      news,
    });
  }

  of(queryId: string): readonly Notification[] {
    return this.notifier.of(queryId);
  }

  /** @returns `undefined` if nothing was told of it. */
  repeat(
    queryId: string,
    { copies, signing }: Readonly<{ copies: number; signing: SigningKind }>,
  ): Promise<readonly Try[] | undefined> {
    return this.notifier.repeat(queryId, { copies, how: { ...TRUE_AND_GOOD, signing } });
  }

  stop(): Promise<void> {
    return this.notifier.stop();
  }
}

const channelOf = (certificates: SigningCertificates): Channel<News, Manner, Seen> => ({
  provider: 'unionpay',
  newId: () => randomUUID(), // for our books: nothing of it is on the wire
  gapAfter,
  planOf(call, fault) {
    if (!isNotifyCall(call)) throw new Error('UnionPay tells nothing under that name');
    return tryPlanOf(call, fault);
  },
  usual: TRUE_AND_GOOD,
  forged: { ...TRUE_AND_GOOD, signing: 'bad' },
  seen: (_, { signing }) => ({ signing }),
  async send({ news }, { signing, extraFen }) {
    const { backUrl } = news.kind === 'refund' ? news.refund.terms : news.order.terms;
    const signer = await certificates.signerFor(signing);
    return sendNotification(backUrl, sealed(noticeOf(news, extraFen), signer, signing));
  },
});
