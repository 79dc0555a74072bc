import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Instrument } from '@hutong/domain-events';
import { startOwnBroker, testDatabase } from '@hutong/testing';
import { agreedBooks, bookkeepersOf } from './books.js';
import { Merchant, type OrderAsked } from './merchant.js';
import { Operator } from './operator.js';
import { Payer } from './payer.js';
import { startRing, type Ring } from './ring.js';
import { SandboxControl } from './sandbox-control.js';

const root = join(import.meta.dirname, '../../..');
const PLATFORMS = ['taobao', 'jd', 'pinduoduo', 'wechat_mini_program', 'corner_shop'];
const WITHIN_MS = 30_000;
const IN_STORE = { platform: 'corner_shop', channel: 'in_store' } as const;
/** What a shop's server knows of somebody at its page, or in its app within WeChat. */
const VISITOR = { clientIp: '203.0.113.7', openid: 'o-visitor' };

type Row = Readonly<{
  platform: string;
  channel: NonNullable<OrderAsked['channel']>;
  method: string;
  /** With which app; the usual one of whoever takes the money if nothing is said. */
  wallet?: Instrument;
}>;

describe('a payer, with every gateway in the ring', () => {
  const started = new AsyncDisposableStack();
  let ring: Ring;
  let merchants: ReadonlyMap<string, Merchant>;
  let operator: Operator;
  let sandbox: SandboxControl;

  beforeAll(async () => {
    const [broker, { adminUrl }] = await Promise.all([startOwnBroker(), testDatabase()]);
    const { brokers } = started.use(broker);
    ring = started.use(await startRing({ root, brokers, adminUrl }));
    const [checkout, ledger, routing] = (['checkout', 'ledger', 'routing'] as const).map(
      (service) => ring.addressesOf(service)[0],
    );
    if (!checkout || !ledger || !routing) throw new Error('not everything runs');
    const keyed = PLATFORMS.map(
      async (platform) =>
        [platform, new Merchant(checkout, await ring.issueKey(platform))] as const,
    );
    merchants = new Map(await Promise.all(keyed));
    operator = new Operator({ ledger, routing }, ring.token);
    sandbox = new SandboxControl(ring.sandbox);
    for (const platform of ['taobao', 'corner_shop']) {
      await sandbox.agreeAcross('alipay', platform);
      await sandbox.agreeAcross('unionpay', platform);
    }
  }, 180_000);
  afterAll(() => started.disposeAsync(), 60_000);

  it.each<Row>([
    { platform: 'taobao', channel: 'web', method: 'wechat/wechat_pay/qr' },
    { platform: 'taobao', channel: 'web', method: 'wechat/wechat_pay/redirect' },
    { platform: 'taobao', channel: 'app', method: 'wechat/wechat_pay/app' },
    { platform: 'taobao', channel: 'mini_program', method: 'wechat/wechat_pay/mini_program' },
    { platform: 'taobao', channel: 'web', method: 'alipay/alipay/qr' },
    { platform: 'taobao', channel: 'web', method: 'alipay/alipay/redirect' },
    { platform: 'taobao', channel: 'app', method: 'alipay/alipay/app' },
    { platform: 'taobao', channel: 'web', method: 'unionpay/cloud_quickpass/qr' },
    { platform: 'taobao', channel: 'web', method: 'unionpay/cloud_quickpass/redirect' },
    { platform: 'taobao', channel: 'app', method: 'unionpay/cloud_quickpass/app' },
    {
      platform: 'taobao',
      channel: 'app',
      method: 'unionpay/bank_app:0105/app',
      wallet: 'bank_app:0105',
    },
    { platform: 'jd', channel: 'web', method: 'unionpay/cloud_quickpass/qr' },
    { platform: 'pinduoduo', channel: 'app', method: 'alipay/alipay/app' },
    {
      platform: 'wechat_mini_program',
      channel: 'mini_program',
      method: 'unionpay/cloud_quickpass/mini_program',
    },
    {
      platform: 'taobao',
      channel: 'web',
      method: 'alipay/cloud_quickpass/qr',
      wallet: 'cloud_quickpass',
    },
    { platform: 'taobao', channel: 'web', method: 'unionpay/alipay/qr', wallet: 'alipay' },
  ])(
    'pays by what is shown for $method on $platform',
    async ({ wallet, ...row }) => {
      const { paymentId, offer } = await asked(row);
      const attempt = await of(row).choose(paymentId, offer, row.method, VISITOR);
      await new Payer(ring.sandbox, { ...(wallet && { wallet }) }).pay(attempt.action ?? {});
      await paidBy(row, paymentId);
    },
    60_000,
  );

  it.each<Row & Readonly<{ wallet: Instrument }>>([
    { method: 'alipay/alipay/barcode', wallet: 'alipay', ...IN_STORE },
    { method: 'alipay/cloud_quickpass/barcode', wallet: 'cloud_quickpass', ...IN_STORE },
    { method: 'unionpay/cloud_quickpass/barcode', wallet: 'cloud_quickpass', ...IN_STORE },
    { method: 'unionpay/alipay/barcode', wallet: 'alipay', ...IN_STORE },
  ])(
    'pays by showing a code of $wallet, read for $method',
    async ({ wallet, ...row }) => {
      const { paymentId, offer } = await asked(row);
      const code = await new Payer(ring.sandbox, { wallet }).showCode();
      await of(row).choose(paymentId, offer, row.method, { code });
      await paidBy(row, paymentId);
    },
    60_000,
  );

  it('leaves everybody with the same books', async () => {
    const books = await agreedBooks(bookkeepersOf(ring, { sandbox, operator }), WITHIN_MS);
    expect(books.provider).toEqual({ captured: 20n * 12_800n, refunded: 0n });
  }, 60_000);

  let orders = 0;
  async function asked({ channel, ...row }: Row) {
    orders += 1;
    const order = { orderReference: `shown-${orders}`, minor: '12800', channel };
    const { paymentId, offer, status } = await of(row).request(order);
    if (offer === undefined) throw new Error(`no offer came, it is ${status}`);
    return { paymentId, offer: offer.number };
  }

  /** Paid, and booked as that provider's money, by the app that the method names. */
  async function paidBy({ method, ...row }: Omit<Row, 'wallet'>, paymentId: string) {
    const { receipt } = await of(row).seeUntil(paymentId, 'paid', WITHIN_MS);
    const [entry] = await operator.entriesOf(receipt?.attemptId ?? '', WITHIN_MS);
    const { provider, instrument, presentation, platform } = entry ?? {};
    const named = method.replace(/:\w+/, ''); // which bank's has a column of its own
    expect([`${provider}/${instrument}/${presentation}`, platform]).toEqual([named, row.platform]);
  }

  function of({ platform }: Pick<Row, 'platform'>): Merchant {
    const merchant = merchants.get(platform);
    if (merchant === undefined) throw new Error(`no merchant on ${platform}`);
    return merchant;
  }
});
