import { randomUUID } from 'node:crypto';
import type { Instrument } from '@hutong/domain-events';
import { Payer, type AttemptView, type Merchant, type PaymentView } from '@hutong/world';
import type { FaultWorld } from './fault-world.examples.js';

/** A method of each provider's, and whose app pays it. */
export const WAYS = {
  wechat: { method: 'wechat/wechat_pay/qr', wallet: 'wechat_pay' },
  alipay: { method: 'alipay/alipay/qr', wallet: 'alipay' },
  unionpay: { method: 'unionpay/cloud_quickpass/qr', wallet: 'cloud_quickpass' },
} as const satisfies Record<string, Readonly<{ method: string; wallet: Instrument }>>;
export type WayName = keyof typeof WAYS;
export const ALL_WAYS: readonly WayName[] = ['wechat', 'alipay', 'unionpay'];

/** Of the n-th payment, if all ways take turns. */
export const wayOf = (n: number): WayName => ALL_WAYS[n % ALL_WAYS.length] ?? 'wechat';

/** On a machine that does much else beside, and with a member of a group missed for 30 s. */
export const WITHIN_MS = 150_000;

/** An order of ¥128.00 that waits for a choice. */
export const ordered = (shop: Merchant): Promise<PaymentView> =>
  shop.request({ orderReference: randomUUID(), minor: '12800' });

/** The payment once it has an offer: on a busy machine its request is answered before that. */
export const offeredOf = (shop: Merchant, paymentId: string): Promise<PaymentView> =>
  shop.seeWhen(paymentId, ({ offer }) => offer !== undefined, {
    withinMs: WITHIN_MS,
    what: 'to have an offer',
  });

/** Chosen as soon as it is offered. */
export async function chosen(
  shop: Merchant,
  payment: PaymentView,
  way: WayName,
): Promise<AttemptView> {
  const { paymentId, offer = (await offeredOf(shop, payment.paymentId)).offer } = payment;
  return shop.choose(paymentId, offer?.number ?? 0, WAYS[way].method);
}

/** The payment once its newest attempt shows something to pay by. */
export const shownOf = (shop: Merchant, paymentId: string): Promise<PaymentView> =>
  shop.seeWhen(paymentId, ({ attempts }) => attempts.at(-1)?.action !== undefined, {
    withinMs: WITHIN_MS,
    what: 'to show something to pay by',
  });

/** Its payer pays what is shown. */
export async function payShown({ ring }: FaultWorld, payment: PaymentView): Promise<void> {
  const attempt = payment.attempts.at(-1);
  const way = ALL_WAYS.find((name) => WAYS[name].method === attempt?.method);
  if (attempt?.action === undefined || way === undefined) throw new Error('nothing is shown');
  await new Payer(ring.sandbox, { wallet: WAYS[way].wallet }).pay(attempt.action);
}

/** Chosen and shown, but not paid yet. */
export async function shown(shop: Merchant, way: WayName): Promise<PaymentView> {
  const payment = await ordered(shop);
  await chosen(shop, payment, way);
  return shownOf(shop, payment.paymentId);
}

/** All the way round. */
export async function paid(world: FaultWorld, shop: Merchant, way: WayName): Promise<PaymentView> {
  const payment = await shown(shop, way);
  await payShown(world, payment);
  return shop.seeUntil(payment.paymentId, 'paid', WITHIN_MS);
}
