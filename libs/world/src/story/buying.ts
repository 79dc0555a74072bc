import type { Instrument } from '@hutong/domain-events';
import type { OrderAsked } from '../merchant.js';
import type { EntryView } from '../operator.js';
import { look, offered, WITHIN_MS, type Seen, type Stage } from './stage.js';

/** Who buys what, where and when, by which method of the offer, and whose app then pays. */
export type Bought = Pick<OrderAsked, 'orderReference' | 'channel' | 'at'> &
  Readonly<{ what: string; platform: string; method: string; wallet: Instrument }>;

/** A payment with what the ledger booked of it. */
export type Booked = Seen & Readonly<{ entries: readonly EntryView[] }>;

const MINOR = '12800';

/** Chosen, paid with an app, booked: ¥128.00 on any platform. */
export async function buy(stage: Stage, bought: Bought): Promise<Booked> {
  const { what, platform, method, wallet, ...order } = bought;
  const shop = await stage.shopOn(platform);
  const { paymentId, offer } = await offered(shop, { ...order, minor: MINOR });
  const { attemptId, action, status } = await shop.choose(paymentId, offer, method);
  if (action === undefined) throw new Error(`nothing to pay by came, it is ${status}`);
  await stage.phone(wallet).pay(action);
  await shop.seeUntil(paymentId, 'paid', WITHIN_MS);
  return booked(stage, { what, platform, paymentId, attemptId });
}

/** How a payment on a platform stands once what its attempt took is booked. */
export async function booked(
  stage: Stage,
  of: Readonly<{ what: string; platform: string; paymentId: string; attemptId: string }>,
): Promise<Booked> {
  const merchant = await stage.shopOn(of.platform);
  const entries = await stage.operator.entriesOf(of.attemptId, WITHIN_MS);
  return { ...(await look({ ...stage, merchant }, of.what, of.paymentId)), entries };
}
