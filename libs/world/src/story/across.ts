import type { Instrument } from '@hutong/domain-events';
import { Refused } from '../call.js';
import { booked, buy, type Booked } from './buying.js';
import { look, offered, WITHIN_MS, type Seen, type Stage } from './stage.js';

const SHOP = 'corner_shop';
/** In Beijing: while every code goes through Alipay first, and after each goes to its own. */
const ALIPAY_FIRST = new Date('2021-12-24T12:00:00+08:00');
const OWN_FIRST = new Date('2022-01-24T12:00:00+08:00');

/** Each one's code is scanned with the other's app: who took the money is not whose app paid. */
export async function acrossOnline(stage: Stage): Promise<Booked[]> {
  const order = {
    platform: 'taobao',
    at: new Date('2022-05-20T12:00:00+08:00'),
    channel: 'web',
  } as const;
  return [
    await buy(stage, {
      ...order,
      what: "Cloud QuickPass scans Alipay's code",
      orderReference: 'quickpass-scans-alipay',
      method: 'alipay/alipay/qr',
      wallet: 'cloud_quickpass',
    }),
    await buy(stage, {
      ...order,
      what: "Alipay scans UnionPay's code",
      orderReference: 'alipay-scans-unionpay',
      method: 'unionpay/cloud_quickpass/qr',
      wallet: 'alipay',
    }),
  ];
}

/**
 * A store reads the codes that payers show. Whose they are is told by their first digits; through whose
 * acceptance they go, by the order of the policy, and by who can be used.
 */
export async function acrossInStore(stage: Stage): Promise<Booked[]> {
  const first = await showACode(stage, {
    what: 'a Cloud QuickPass code, while Alipay takes all codes',
    orderReference: 'quickpass-through-alipay',
    at: ALIPAY_FIRST,
    wallet: 'cloud_quickpass',
  });
  const own = await showACode(stage, {
    what: 'a Cloud QuickPass code, since each takes its own',
    orderReference: 'quickpass-through-its-own',
    at: OWN_FIRST,
    wallet: 'cloud_quickpass',
  });
  await stage.operator.turn('alipay', 'off', 'the story shows who stands behind it');
  try {
    const other = await showACode(stage, {
      what: "an Alipay code, while Alipay's acceptance is switched off",
      orderReference: 'alipay-through-unionpay',
      at: OWN_FIRST,
      wallet: 'alipay',
    });
    return [first, own, other];
  } finally {
    await stage.operator.turn('alipay', 'on', 'the story goes on');
  }
}

/** No provider of ours reads WeChat's codes: what the store is told, and that nothing came of it. */
export async function wechatCodeInStore(stage: Stage): Promise<Seen & Readonly<{ said: string }>> {
  const merchant = await stage.shopOn(SHOP);
  const order = { orderReference: 'wechat-code', minor: '1280', channel: 'in_store' } as const;
  const { paymentId, offer } = await offered(merchant, { ...order, at: OWN_FIRST });
  const code = await stage.phone('wechat_pay').showCode();
  const said = await merchant
    .choose(paymentId, offer, BY_CODE, { code })
    .then(({ status }) => status, wordsOf);
  const what = `a WeChat code is answered ${said}`;
  return { ...(await look({ ...stage, merchant }, what, paymentId)), said };
}

/** In place of a method: whichever of the offer takes the code. */
const BY_CODE = 'barcode';

async function showACode(
  stage: Stage,
  shown: Readonly<{ what: string; orderReference: string; at: Date; wallet: Instrument }>,
): Promise<Booked> {
  const { what, wallet, ...order } = shown;
  const shop = await stage.shopOn(SHOP);
  const asked = { ...order, minor: '1280', channel: 'in_store' } as const;
  const { paymentId, offer } = await offered(shop, asked);
  const code = await stage.phone(wallet).showCode();
  const { attemptId } = await shop.choose(paymentId, offer, BY_CODE, { code });
  await shop.seeUntil(paymentId, 'paid', WITHIN_MS);
  return booked(stage, { what, platform: SHOP, paymentId, attemptId });
}

function wordsOf(fault: unknown): string {
  if (fault instanceof Refused) return `${fault.status} ${fault.code}`;
  throw fault;
}
