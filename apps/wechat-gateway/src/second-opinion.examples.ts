import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Prepared } from '@hutong/gateway';
import type { Notice } from '@hutong/gateway/conformance';
import { money } from '@hutong/money';
import { anAttemptRequested, eventually, WECHAT_QR } from '@hutong/testing';
import { BuiltSdk, Reaper, SdkMerchant } from '@hutong/world';
import { writeAccount } from './account-files.examples.js';
import { clientsOf } from './clients.examples.js';
import { startTap, type NoticeTap } from './notice-tap.examples.js';
import { RecordingProvider, type Heard } from './recording-provider.examples.js';
import { root, startSandbox, type WechatSandbox } from './sandbox-process.examples.js';
import { OPENID } from './sealing-keys.examples.js';
import type { WechatAdapter } from './wechat.adapter.js';
import { readWechatAccount, type WechatAccount } from './wechat.account.config.js';
import type { WechatPresentation } from './wechat.mapping.js';

const CLIENT_IP = '203.0.113.7';
const LIFE_S = 15 * 60;
export const systemTime = { now: () => new Date() };

/** One order twice: as the gateway prepares it, and in the words in which WeChat documents it. */
export type SameOrder = Readonly<{
  attempt: Parameters<WechatAdapter['prepare']>[0];
  prepared: Prepared;
  asked: Readonly<{ appid: string; mchid: string; out_trade_no: string }>;
}>;

/** What was sent for the same thing by either, and what came back to each. */
export type Both = Readonly<{ gateway: Heard; sdk: Heard; report: unknown; answer: unknown }>;

/** The gateway and WeChat's official SDK: the same merchant, side by side before one sandbox. */
export class SecondOpinion implements AsyncDisposable {
  private constructor(
    private readonly opened: AsyncDisposableStack,
    private readonly recording: RecordingProvider,
    private readonly tap: NoticeTap,
    readonly sdk: BuiltSdk,
    readonly sandbox: WechatSandbox,
    readonly account: WechatAccount,
    readonly adapter: WechatAdapter,
    readonly merchant: SdkMerchant,
  ) {}

  static async start(): Promise<SecondOpinion> {
    await using opened = new AsyncDisposableStack();
    const sdk = opened.use(await BuiltSdk.build(root));
    const folder = await mkdtemp(join(tmpdir(), 'hutong-second-opinion-'));
    const reaper = opened.use(Reaper.start(folder));
    const sandbox = opened.use(await startSandbox(folder, reaper));
    const tap = opened.use(await startTap('/notifications/taobao', () => Promise.resolve(204)));
    const recording = opened.use(await RecordingProvider.start(folder, sandbox.url));
    await writeAccount(folder, sandbox.portal, { notifyUrl: tap.url });
    const file = join(folder, `${sandbox.portal.account}.json`);
    const account = readWechatAccount(JSON.parse(await readFile(file, 'utf8')), folder);
    const api = { baseUrl: recording.url, timeoutMs: 5_000 };
    const { adapter } = clientsOf(api, systemTime, account);
    const around = { proxyPort: recording.port, authorityPem: recording.authorityPem };
    const merchant = opened.use(await SdkMerchant.start(sdk, around, sandbox.portal));
    return new SecondOpinion(
      opened.move(),
      recording,
      tap,
      sdk,
      sandbox,
      account,
      adapter,
      merchant,
    );
  }

  /** Another merchant of the SDK's, who hears of WeChat what `who` says. */
  async merchantWith(who: object): Promise<SdkMerchant> {
    const { port: proxyPort, authorityPem } = this.recording;
    const known = { ...this.sandbox.portal, ...who };
    return this.opened.use(await SdkMerchant.start(this.sdk, { proxyPort, authorityPem }, known));
  }

  order(presentation: WechatPresentation): SameOrder {
    const { account, appid, mchid } = this.sandbox.portal;
    const expiresAt = new Date(Math.floor(Date.now() / 1_000 + LIFE_S) * 1_000);
    const method = { ...WECHAT_QR, presentation };
    const amount = money(12_800n, 'CNY');
    const attempt = { ...anAttemptRequested({ method, amount, expiresAt }), account };
    const payer = { openid: OPENID, clientIp: CLIENT_IP };
    const made = this.adapter.prepare(attempt, systemTime.now(), payer);
    if (!made.ok) throw new Error(made.refusal.code);
    const inBeijing = expiresAt.toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' });
    const asked = {
      appid,
      mchid,
      description: attempt.description,
      out_trade_no: attempt.attemptId,
      time_expire: `${inBeijing.replace(' ', 'T')}+08:00`,
      notify_url: this.tap.url,
      amount: { total: 12_800, currency: 'CNY' },
      ...(presentation === 'mini_program' && { payer: { openid: OPENID } }),
      ...(presentation === 'redirect' && {
        scene_info: { payer_client_ip: CLIENT_IP, h5_info: { type: 'Wap' } },
      }),
    };
    return { attempt, prepared: made.value, asked };
  }

  get notifyUrl(): string {
    return this.tap.url;
  }

  /** The gateway's call and then the SDK's. @throws Error if either sent more or less than one request. */
  async both(ours: () => Promise<unknown>, call: string, request: object): Promise<Both> {
    const report = await ours();
    const [gateway, ...more] = this.recording.taken();
    const answer = await this.merchant.call(call, request);
    const [sdk, ...others] = this.recording.taken();
    if (gateway === undefined || sdk === undefined || more.length + others.length > 0) {
      throw new Error(`not one request each: ${JSON.stringify({ report, answer })}`);
    }
    return { gateway, sdk, report, answer };
  }

  /** Nothing of what was sent so far is compared. */
  forget(): void {
    this.recording.taken();
  }

  /** Opens an order and takes the payer's money for it. */
  async paid(): Promise<SameOrder> {
    const order = this.order('qr');
    await this.adapter.submit(order.prepared);
    this.forget();
    this.tap.swallow(false);
    await this.sandbox.say('/control/wechat/pay', { outTradeNo: order.attempt.attemptId });
    return order;
  }

  /** The last notification that the sandbox sent once `cause` was done. */
  async noticeOf(cause: () => Promise<unknown>): Promise<Notice> {
    this.tap.swallow(false);
    await cause();
    return eventually(this.tap.last, { what: 'a notification' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.opened.disposeAsync();
  }
}
