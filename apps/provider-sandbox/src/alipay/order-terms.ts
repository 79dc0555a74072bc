import { ok, refuse, type Result } from '@hutong/result';
import { parseBeijingStamp } from '../clock/beijing-time.js';
import type { Moment } from '../clock/moment.js';
import type { Caller } from './authenticate.signature.js';
import {
  AppPayWire,
  PagePayWire,
  PayWire,
  PrecreateWire,
  WapPayWire,
  type OrderWire,
} from './biz.wire.js';
import { readBiz, type Shape } from './biz-content.wire.js';
import { alipayRefusal, type AlipayRefusal } from './refusal.js';
import type { Product, Terms } from './trade.js';
import { amountOf } from './yuan.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const BEIJING_MS = 8 * HOUR_MS;
const MOST_FEN = 10_000_000_000n;

const SHAPES = { page: PagePayWire, wap: WapPayWire, app: AppPayWire } as const;

/** An order as a merchant asks for it: its terms, how long it may live, and the words as they came. */
export type Asked<W extends OrderWire> = Readonly<{
  terms: Terms;
  wire: W;
  /** From the moment in which Alipay learns of it. */
  lifeMs(now: Moment): number;
}>;

export const readPrecreateOrder = (caller: Caller): Result<Asked<PrecreateWire>, AlipayRefusal> =>
  readAs(caller, 'precreate', PrecreateWire);

export const readPayOrder = (caller: Caller): Result<Asked<PayWire>, AlipayRefusal> =>
  readAs(caller, 'pay', PayWire);

/** Of what the payer's browser or client brings. */
export const readOrder = (
  caller: Caller,
  product: 'page' | 'wap' | 'app',
): Result<Asked<OrderWire>, AlipayRefusal> => readAs<OrderWire>(caller, product, SHAPES[product]);

function readAs<W extends OrderWire>(
  { account, biz, notifyUrl, returnUrl, keys }: Caller,
  product: Product,
  shape: Shape<W>,
): Result<Asked<W>, AlipayRefusal> {
  const read = readBiz(shape, biz);
  if (!read.ok) return read;
  const { wire, asked } = read.value;
  const amount = amountOf(wire.total_amount);
  if (amount.minor > MOST_FEN) return refuse(alipayRefusal('ACQ.TOTAL_FEE_EXCEED'));
  if (wire.seller_id !== undefined && wire.seller_id !== account.sellerId) {
    return refuse(alipayRefusal('ACQ.INVALID_PARAMETER', 'seller_id is not the merchant'));
  }
  const until = wire.time_expire && parseBeijingStamp(wire.time_expire);
  if (wire.time_expire !== undefined && until === undefined) {
    return refuse(alipayRefusal('ACQ.INVALID_PARAMETER', 'time_expire is no moment'));
  }
  const terms = {
    sellerId: account.sellerId,
    appId: account.appId,
    outTradeNo: wire.out_trade_no,
    product,
    subject: wire.subject,
    body: wire.body,
    amount,
    passbackParams: wire.passback_params,
    notifyUrl,
    keys,
    returnUrl,
    asked: `${product} ${asked}`,
  };
  const lifeMs = ({ at }: Moment): number =>
    until instanceof Date
      ? until.getTime() - at.getTime()
      : (expressMs(wire.timeout_express, at) ?? usualLifeMs(product));
  return ok({ terms, wire, lifeMs });
}

/** A code that is shown in store is for now; everything else may be thought over. */
const usualLifeMs = (product: Product): number => (product === 'pay' ? 3 * HOUR_MS : 15 * DAY_MS);

/** `90m`, `12h`, `15d`; `1c` is until midnight in Beijing. */
function expressMs(text: string | undefined, at: Date): number | undefined {
  if (text === undefined) return undefined;
  if (text === '1c') return DAY_MS - ((at.getTime() + BEIJING_MS) % DAY_MS);
  const units: Readonly<Record<string, number>> = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };
  return Number(text.slice(0, -1)) * (units[text.slice(-1)] ?? 0);
}
