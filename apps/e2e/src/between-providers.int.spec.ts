import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { gatewayService } from '@hutong/domain-events';
import { eventually } from '@hutong/testing';
import {
  play,
  readRows,
  type AttemptView,
  type PaymentView,
  type Ring,
  type Stage,
} from '@hutong/world';
import { root, startStory } from './story-ring.examples.js';

const WITHIN_MS = 30_000;
const SCENE_WITHIN_MS = 60_000;
/** No notification was verified and did not agree with what its gateway had asked for. */
const NOTHING_ASIDE = { quarantine: [] };
const HOUR_MS = 60 * 60_000;

const ALIPAY = 'alipay/alipay/qr';
const UNIONPAY = 'unionpay/cloud_quickpass/qr';
const WECHAT = 'wechat/wechat_pay/qr';

/** A payment of today on Taobao, with as many codes of it shown as methods were chosen. */
type Shown = Readonly<{ paymentId: string; offer: number; attempts: readonly AttemptView[] }>;

/** Every service a process, policies as shipped, the sandbox for all three providers. */
describe('between providers', () => {
  const running = new AsyncDisposableStack();
  let ring: Ring;
  let stage: Stage;

  beforeAll(async () => {
    const policies = await mkdtemp(join(tmpdir(), 'between-providers-'));
    running.defer(() => rm(policies, { recursive: true }));
    await shortenOffers(policies, 'jd');
    ({ ring, stage } = await startStory(running, { policies }));
  }, 180_000);

  afterAll(() => running.disposeAsync(), 60_000);

  afterEach(async () => {
    await stage.sandbox.disarm();
    await stage.books();
    for (const service of Object.values(gatewayService)) {
      expect(await readRows(ring.databaseOf(service), { quarantine: '*' })).toEqual(NOTHING_ASIDE);
    }
  }, SCENE_WITHIN_MS);

  const scene = (name: string, told: (on: Stage) => Promise<void>) =>
    it(name, () => play(ring, stage, told), SCENE_WITHIN_MS);

  /** @param methods of which an attempt each is made, in this order. */
  async function shown(...methods: string[]): Promise<Shown> {
    const { merchant } = stage;
    const asked = await merchant.request({ orderReference: randomUUID(), minor: '12800' });
    const { paymentId } = asked;
    const offer = asked.offer?.number ?? 0;
    const attempts: AttemptView[] = [];
    for (const method of methods) attempts.push(await merchant.choose(paymentId, offer, method));
    return { paymentId, offer, attempts };
  }
  const when = (
    paymentId: string,
    what: string,
    isSo: (seen: PaymentView) => boolean,
  ): Promise<PaymentView> => stage.merchant.seeWhen(paymentId, isSo, { withinMs: WITHIN_MS, what });

  scene('the first success wins, the others are asked and closed', async (on) => {
    const { paymentId, attempts } = await shown(ALIPAY, WECHAT, UNIONPAY);
    const [alipay, wechat, unionpay] = attempts;
    await on.sandbox.at('alipay').open(alipay?.attemptId ?? '');

    await on.phone('cloud_quickpass').pay(unionpay?.action ?? {});

    const seen = await when(paymentId, 'to have the others closed', isOver);
    expect(seen).toMatchObject({
      status: 'paid',
      attempts: [{ status: 'closed' }, { status: 'closed' }, { status: 'succeeded' }],
      receipt: { attemptId: unionpay?.attemptId, provider: 'unionpay' },
      surplus: [],
    });
    expect([
      await on.sandbox.at('alipay').order(alipay?.attemptId ?? ''),
      await on.sandbox.at('wechat').order(wechat?.attemptId ?? ''),
    ]).toMatchObject([
      { state: 'TRADE_CLOSED', closedBecause: 'asked' },
      { state: 'CLOSED', closedBecause: 'asked' },
    ]);
  });

  scene('a success after the provider confirmed the closing goes back by itself', async (on) => {
    const { paymentId, attempts } = await shown(ALIPAY, WECHAT);
    const [alipay, wechat] = attempts;
    const late = { call: 'close', fault: 'success_after_close', delayMs: 1_000 } as const;
    const outTradeNo = alipay?.attemptId ?? '';
    await on.sandbox.at('alipay').open(outTradeNo);
    await on.sandbox.at('alipay').arm({ ...late, outTradeNo });

    await on.payer.pay(wechat?.action ?? {});

    const seen = await when(paymentId, 'to give the second success back', isGivenBack);
    expect(seen).toMatchObject({
      status: 'paid',
      receipt: { provider: 'wechat' },
      surplus: [{ provider: 'alipay', reason: 'second_success', status: 'refunded' }],
    });
    expect(await on.sandbox.at('alipay').order(outTradeNo)).toMatchObject({
      state: 'TRADE_CLOSED',
      wallet: 'alipay',
    });
  });

  scene('the payer changes the method, and what was shown first is closed', async (on) => {
    const first = await shown(ALIPAY);
    const [alipay] = first.attempts;
    await on.sandbox.at('alipay').open(alipay?.attemptId ?? '');
    await on.sandbox.at('alipay').decline(alipay?.attemptId ?? '');

    const second = await on.merchant.choose(first.paymentId, first.offer, WECHAT);
    await on.payer.pay(second.action ?? {});

    expect(await when(first.paymentId, 'to have the first closed', isOver)).toMatchObject({
      status: 'paid',
      attempts: [
        { method: ALIPAY, status: 'closed' },
        { method: WECHAT, status: 'succeeded' },
      ],
    });
  });

  scene('the same method is chosen again after a decline', async (on) => {
    const shop = await on.shopOn('corner_shop');
    const order = { orderReference: randomUUID(), minor: '1280', channel: 'in_store' } as const;
    const { paymentId, offer } = await shop.request(order);
    const show = async (then: 'pays' | 'declines') =>
      shop.choose(paymentId, offer?.number ?? 0, 'barcode', {
        code: await on.phone('cloud_quickpass').showCode(then),
      });

    const declined = await show('declines');
    const failed = (seen: PaymentView) => seen.attempts.some(({ status }) => status === 'failed');
    await shop.seeWhen(paymentId, failed, { withinMs: WITHIN_MS, what: 'to be declined' });
    const again = await show('pays');

    const seen = await shop.seeUntil(paymentId, 'paid', WITHIN_MS);
    const method = 'unionpay/cloud_quickpass/barcode';
    expect(seen.attempts).toMatchObject([
      { attemptId: declined.attemptId, method, status: 'failed' },
      { attemptId: again.attemptId, method, status: 'succeeded' },
    ]);
    expect(again.attemptId).not.toBe(declined.attemptId);
  });

  scene('an offer that expires between two choices is made anew', async (on) => {
    const shop = await on.shopOn('jd');
    const asked = await shop.request({ orderReference: randomUUID(), minor: '12800' });
    const { paymentId } = asked;
    const first = await shop.choose(paymentId, 1, WECHAT);
    const expired = () => Date.now() >= Date.parse(asked.offer?.validUntil ?? '');
    await eventually(expired, { withinMs: WITHIN_MS, what: 'the offer to expire' });

    const late = await shop.choose(paymentId, 1, UNIONPAY);
    expect(late.status).toBe('refused');
    const second = await shop.choose(paymentId, 2, UNIONPAY);
    await on.phone('cloud_quickpass').pay(second.action ?? {});

    const waiting = { withinMs: WITHIN_MS, what: 'to have the first closed' };
    expect(await shop.seeWhen(paymentId, isOver, waiting)).toMatchObject({
      status: 'paid',
      offer: { number: 2 },
      attempts: [
        { attemptId: first.attemptId, status: 'closed' },
        { attemptId: late.attemptId, status: 'refused' },
        { attemptId: second.attemptId, status: 'succeeded' },
      ],
    });
  });

  scene(
    'money goes back while another attempt is open, and what that takes as well',
    async (on) => {
      const { merchant } = on;
      const { paymentId, attempts } = await shown(UNIONPAY, WECHAT);
      const [open, paid] = attempts;
      await on.payer.pay(paid?.action ?? {});
      await merchant.seeUntil(paymentId, 'paid', WITHIN_MS);

      await merchant.refund(paymentId, '2800');
      const refunded = await merchant.seeUntil(paymentId, 'partly_refunded', WITHIN_MS);
      expect(refunded.attempts[0]).toMatchObject({ status: 'closing' });
      await on.phone('cloud_quickpass').pay(open?.action ?? {});

      expect(await when(paymentId, 'to give the second success back', isGivenBack)).toMatchObject({
        status: 'partly_refunded',
        refunds: [{ status: 'succeeded', amount: { minor: '2800' } }],
        surplus: [{ provider: 'unionpay', status: 'refunded', amount: { minor: '12800' } }],
      });
    },
  );

  scene(
    'a refund that was accepted and then failed is told, and may be asked for again',
    async (on) => {
      const { merchant } = on;
      const { paymentId, attempts } = await shown(UNIONPAY);
      await on.phone('cloud_quickpass').pay(attempts[0]?.action ?? {});
      await merchant.seeUntil(paymentId, 'paid', WITHIN_MS);
      await on.sandbox.at('unionpay').arm({ call: 'refund', fault: 'ends_failed' });

      const { status } = await merchant.refund(paymentId, '2800');
      expect(status).toBe('requested');
      const failed = await when(paymentId, 'to have the refund failed', ({ refunds }) =>
        refunds.some((refund) => refund.status === 'failed'),
      );
      expect(failed.status).toBe('paid');
      await merchant.refund(paymentId, '2800');

      const seen = await merchant.seeUntil(paymentId, 'partly_refunded', WITHIN_MS);
      expect(seen.refunds).toMatchObject([{ status: 'failed' }, { status: 'succeeded' }]);
    },
  );

  scene('a provider that was away for an hour tells all of it at once', async (on) => {
    const { merchant } = on;
    const alipay = on.sandbox.at('alipay');
    for (const call of ['query', 'notify'] as const) {
      await alipay.arm({ call, fault: 'drop_request', share: 1 });
    }
    const payments = await Promise.all(Array.from({ length: 12 }, () => shown(ALIPAY)));
    await Promise.all(
      payments.map(({ attempts }) => on.phone('alipay').pay(attempts[0]?.action ?? {})),
    );
    const before = await Promise.all(payments.map(({ paymentId }) => merchant.see(paymentId)));
    expect(before.map(({ status }) => status)).toEqual(before.map(() => 'paying'));

    await on.sandbox.disarm();
    await on.sandbox.advance(HOUR_MS);

    const seen = await Promise.all(
      payments.map(({ paymentId }) => merchant.seeUntil(paymentId, 'paid', WITHIN_MS)),
    );
    for (const one of seen) {
      expect(one).toMatchObject({ attempts: [{ status: 'succeeded' }], surplus: [] });
      const [{ attemptId } = { attemptId: '' }] = one.attempts;
      const told = async () =>
        (await alipay.order(attemptId))?.notifications[0]?.tries.length === 2;
      await eventually(told, { withinMs: WITHIN_MS, what: 'the second try of the notification' });
      expect(await on.operator.entriesOf(attemptId, WITHIN_MS)).toHaveLength(1);
    }
  });
});

/** The shipped policies, but that this platform's offers hold for five seconds. */
async function shortenOffers(folder: string, platform: string): Promise<void> {
  await cp(join(root, 'apps/routing/policies'), folder, { recursive: true });
  const file = join(folder, `${platform}.json`);
  const text = await readFile(file, 'utf8');
  const short = text.replaceAll(/"offerValidForSeconds": \d+/g, '"offerValidForSeconds": 5');
  await writeFile(file, short);
}

const ENDED = ['succeeded', 'closed', 'refused'];

const isOver = ({ status, attempts }: PaymentView): boolean =>
  status === 'paid' && attempts.every((one) => ENDED.includes(one.status));

const isGivenBack = ({ surplus }: PaymentView): boolean =>
  surplus.length > 0 && surplus.every(({ status }) => status === 'refunded');
