import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@hutong/telemetry';
import { Alarms } from '../clock/alarms.adapter.js';
import type { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import type { Faults } from '../faults/faults.js';
import { tryPlanOf, type SignatureKind, type TryPlan } from './fault-plans.js';
import { gapAfter } from './ladder.js';
import { sendNotification, type Heard } from './notification.client.js';
import { notificationBody, type News } from './notification.signature.js';
import type { PlatformCertificates } from './platform-certificates.adapter.js';
import type { WechatAccount } from './wechat-accounts.adapter.js';
import type { NotifyCall } from './wechat-faults.js';
import { signatureHeaders } from './wechat-headers.signature.js';

/** One try as WeChat's own books have it. `lost` was never sent, `unheard` was sent and its answer lost. */
export type Try = Readonly<{ at: Date; serial: string; signature: SignatureKind }> &
  (Heard | Readonly<{ outcome: 'lost' | 'unheard' }>);

/** `waiting` for a try or its answer; `given_up` after the whole ladder; `suppressed` by a fault. */
export type NotificationState = 'waiting' | 'accepted' | 'given_up' | 'suppressed';

export type Notification = Readonly<{
  id: string;
  eventType: string;
  state: NotificationState;
  tries: readonly Try[];
}>;

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

/** A notification on its way. `rungs` counts the tries of the ladder, not probes and duplicates. */
type Running = Telling & {
  readonly id: string;
  readonly createdAt: Date;
  state: NotificationState;
  rungs: number;
  tries: Try[];
};

type Send = Readonly<Pick<TryPlan, 'key' | 'signature' | 'extraFen' | 'unheard'>>;

const GOOD: Send = { key: 'publicKey', signature: 'good', extraFen: 0, unheard: false };

/** Tells merchants of payments and refunds, along the ladder, until one try is accepted. */
export class WechatNotifier {
  private readonly alarms: Alarms;
  private readonly running = new Map<string, readonly Running[]>();
  private readonly underWay = new Set<Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly clock: SandboxClock,
    private readonly faults: Faults,
    private readonly certificates: PlatformCertificates,
    private readonly logger: Logger,
  ) {
    this.alarms = new Alarms(clock);
  }

  /** Starts at once and returns at once. */
  tell(telling: Telling): void {
    const told: Running = {
      ...telling,
      id: randomUUID(),
      createdAt: this.clock.now(),
      state: 'waiting',
      rungs: 0,
      tries: [],
    };
    this.running.set(told.about, [...this.runningOf(told.about), told]);
    this.climb(told);
  }

  /** What was told of this payment or refund so far, in the order of its beginning. */
  of(about: string): readonly Notification[] {
    return this.runningOf(about).map(({ id, news, state, tries }) => ({
      id,
      eventType: news.eventType,
      state,
      tries: [...tries],
    }));
  }

  /**
   * Sends the last one once more on demand, whatever its state: the same id, a fresh signature.
   * @returns `undefined` if nothing was told of this payment or refund.
   */
  async repeat(
    about: string,
    how: Readonly<{ copies: number; signature: SignatureKind }>,
  ): Promise<readonly Try[] | undefined> {
    const told = this.runningOf(about).at(-1);
    if (told === undefined) return undefined;
    const one = () => this.send(told, { ...GOOD, signature: how.signature });
    return Promise.all(Array.from({ length: how.copies }, one));
  }

  /** No more tries. Resolves once those under way have their answers. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.alarms.stop();
    await Promise.all(this.underWay);
  }

  private runningOf(about: string): readonly Running[] {
    return this.running.get(about) ?? [];
  }

  private climb(told: Running): void {
    const done = this.tryOnce(told)
      .catch((cause: unknown) => {
        if (this.stopping.signal.aborted) return; // what was still to be waited for
        this.logger.error('notification failed', { provider: 'wechat' }, cause);
      })
      .finally(() => this.underWay.delete(done));
    this.underWay.add(done);
  }

  private async tryOnce(told: Running): Promise<void> {
    const { signal } = this.stopping;
    signal.throwIfAborted();
    const { call, outTradeNo } = told;
    const plan = tryPlanOf(call, this.faults.take({ provider: 'wechat', call, outTradeNo }));
    told.rungs += 1;
    if (plan.never) {
      told.state = 'suppressed';
      return;
    }
    if (plan.delayMs > 0) await pause(plan.delayMs, undefined, { signal });
    if (plan.probeFirst) await this.send(told, { ...GOOD, signature: 'probe' });
    const accepted = plan.lost ? this.lose(told) : await this.sendCopies(told, plan);
    if (accepted) {
      told.state = 'accepted';
      if (plan.again) await this.send(told, GOOD);
      return;
    }
    const gapMs = gapAfter(told.rungs);
    if (gapMs === undefined) told.state = 'given_up';
    else this.alarms.after(gapMs, () => this.climb(told));
  }

  private lose(told: Running): false {
    const { serial } = told.account.publicKey;
    told.tries.push({ at: this.clock.now(), serial, signature: 'good', outcome: 'lost' });
    return false;
  }

  private async sendCopies(told: Running, plan: TryPlan): Promise<boolean> {
    const copies = Array.from({ length: plan.copies }, () => this.send(told, plan));
    return (await Promise.all(copies)).some(({ outcome }) => outcome === 'accepted');
  }

  private async send(told: Running, { key, signature, extraFen, unheard }: Send): Promise<Try> {
    const { id, createdAt, news, notifyUrl, account } = told;
    const at = this.clock.now();
    const { apiV3Key } = account;
    const sealNonce = randomBytes(6).toString('hex');
    const parts = { id, createdAt, apiV3Key, nonce: sealNonce, extraFen };
    const body = Buffer.from(notificationBody(news, parts));
    const nonce = randomBytes(16).toString('hex');
    const platformKey = key === 'publicKey' ? account.publicKey : this.certificates.signer;
    const signing = { key: platformKey, now: at, nonce, kind: signature };
    const heard = await sendNotification(notifyUrl, body, signatureHeaders(body, signing));
    const known = unheard ? { outcome: 'unheard' as const } : heard;
    const tried: Try = { at, serial: platformKey.serial, signature, ...known };
    told.tries.push(tried);
    return tried;
  }
}
