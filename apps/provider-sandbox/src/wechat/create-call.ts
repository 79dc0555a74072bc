import { money } from '@hutong/money';
import { assertNever, ok, refuse, type Result } from '@hutong/result';
import type { Call, CallWorld, ReadyCall } from './calls.js';
import { codeFor, createAnswer } from './code.js';
import { otherMerchant } from './misaddressed.js';
import type { PlaceRefusal, Terms, TradeType } from './order.js';
import { H5OrderWire, JsapiOrderWire, NativeOrderWire } from './order.wire.js';
import { wechatRefusal, type WechatErrorCode, type WechatRefusal } from './refusal.js';
import { answered, refused, type Reply } from './reply.js';
import { readBody, type ReadBody } from './request-body.wire.js';

const SECOND_MS = 1_000;
const LONGEST_LIFE_MS = 7 * 24 * 3_600 * SECOND_MS;
/** WeChat says "about a minute"; some of it may have passed on the way here. */
const SHORTEST_LIFE_MS = 50 * SECOND_MS;

export function readCreate(
  { account, body }: Call,
  tradeType: TradeType,
): Result<ReadyCall, WechatRefusal> {
  const read = readOrder(body, tradeType);
  if (!read.ok) return read;
  const { wire, asked } = read.value;
  if (wire.mchid !== account.mchid) return refuse(otherMerchant('body', '/mchid', wire.mchid));
  if (wire.appid !== account.appid) return refuse(wechatRefusal('APPID_MCHID_NOT_MATCH'));
  const terms: Terms = {
    mchid: wire.mchid,
    appid: wire.appid,
    outTradeNo: wire.out_trade_no,
    tradeType,
    description: wire.description,
    attach: wire.attach,
    amount: money(BigInt(wire.amount.total), 'CNY'),
    notifyUrl: wire.notify_url,
    openid: 'payer' in wire ? wire.payer.openid : undefined,
    asked: `${tradeType} ${asked}`,
  };
  const perform = (world: CallWorld) => create(world, terms, wire.time_expire);
  return ok({ outTradeNo: terms.outTradeNo, perform });
}

function readOrder(
  body: Uint8Array,
  tradeType: TradeType,
): Result<ReadBody<NativeOrderWire | JsapiOrderWire | H5OrderWire>, WechatRefusal> {
  switch (tradeType) {
    case 'NATIVE':
    case 'APP':
      return readBody(NativeOrderWire, body);
    case 'JSAPI':
      return readBody(JsapiOrderWire, body);
    case 'MWEB':
      return readBody(H5OrderWire, body);
    default:
      return assertNever(tradeType);
  }
}

function create(
  { book, now, freshToken, pagesUrl }: CallWorld,
  terms: Terms,
  timeExpire: string | undefined,
): Reply {
  const lifeMs =
    timeExpire === undefined ? LONGEST_LIFE_MS : Date.parse(timeExpire) - now.at.getTime();
  const isNew = book.find(terms.mchid, terms.outTradeNo, now) === undefined;
  if (isNew && (lifeMs < SHORTEST_LIFE_MS || lifeMs > LONGEST_LIFE_MS)) {
    const issue = 'time_expire is less than a minute or more than seven days away';
    const detail = { field: '/time_expire', value: timeExpire, issue, location: 'body' } as const;
    return refused(wechatRefusal('PARAM_ERROR', detail));
  }
  const code = codeFor(terms.tradeType, now, freshToken);
  const placed = book.place(terms, code, { ...now, deadlineMs: now.orderMs + lifeMs });
  if (!placed.ok) return refused(wechatRefusal(codeOfPlacing[placed.refusal]));
  return answered(createAnswer(placed.value, pagesUrl));
}

const codeOfPlacing: Readonly<Record<PlaceRefusal, WechatErrorCode>> = {
  paid: 'ORDERPAID',
  closed: 'ORDER_CLOSED',
  differs: 'OUT_TRADE_NO_USED',
};
