import {
  isId,
  isInstrument,
  providerRef,
  type Action,
  type Channel,
  type Instrument,
  type Method,
  type Presentation,
} from '@hutong/domain-events';
import type {
  AttemptReport,
  Paid,
  PaidBySomebody,
  Prepared,
  PrepareRefusal,
  RequestedAttempt,
  SealedFields,
} from '@hutong/gateway';
import { assertNever, ok, refuse, type Result } from '@hutong/result';
import type { AlipayAccount } from './alipay.account.config.js';
import { instrumentOf, type FundPart } from './alipay.instruments.js';
import { beijingTime, fromBeijing } from './alipay.time.js';
import type { AlipayTrade } from './alipay.wire.js';
import { moneyOfYuan, yuanOf } from './alipay.yuan.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
/** A minute is the shortest life that Alipay gives an order; some of it passes on the way. */
const SHORTEST_LIFE_MS = MINUTE_MS + 10 * SECOND_MS;
const LONGEST_LIFE_MS = 15 * 24 * 60 * MINUTE_MS;
const QR_LIFE_MS = 2 * 60 * MINUTE_MS;
/** ¥100 000 000.00, in fen. */
const MOST_FEN = 10_000_000_000n;

/** Which of Alipay's orders it is. */
export const KINDS = ['page', 'wap', 'app', 'precreate', 'pay'] as const;
export type OrderKind = (typeof KINDS)[number];

export const methodNames = {
  page: 'alipay.trade.page.pay',
  wap: 'alipay.trade.wap.pay',
  app: 'alipay.trade.app.pay',
  precreate: 'alipay.trade.precreate',
  pay: 'alipay.trade.pay',
} as const satisfies Record<OrderKind, string>;

type Payee = Pick<AlipayAccount, 'appId' | 'sellerId' | 'notifyUrl' | 'qrProductCode'>;

/**
 * Our attempt → the `biz_content` of alipay.trade.{page,wap,app}.pay, .precreate and .pay, to be sent as it
 * is each time. Yuan by its digits, CNY only. `time_expire` is always there: Alipay's own would be hours or
 * days; it has whole seconds, so it is rounded up.
 * @param payer of a code shown in store its digits. Whoever pays by a shared link is the payer of its
 *   attempt: nothing of the order differs.
 */
export function toOrder(
  attempt: RequestedAttempt,
  { appId, sellerId, notifyUrl, qrProductCode }: Payee,
  { at, payer }: Readonly<{ at: Date; payer: SealedFields }>,
): Result<Prepared, PrepareRefusal> {
  const kind = kindOf(attempt.method, attempt.channel);
  if (kind === undefined) return refuse({ code: 'method_unsupported' });
  const { minor, currency } = attempt.amount;
  const payable = currency === 'CNY' && minor >= 1n && minor <= MOST_FEN;
  if (!payable) return refuse({ code: 'amount_unsupported' });
  const wanted = Math.max(attempt.expiresAt.getTime(), at.getTime() + SHORTEST_LIFE_MS);
  const expiresAt = new Date(Math.ceil(wanted / SECOND_MS) * SECOND_MS);
  if (expiresAt.getTime() > at.getTime() + LONGEST_LIFE_MS) {
    return refuse({ code: 'expiry_unsupported' });
  }
  if (kind === 'pay' && payer.code === undefined) return refuse({ code: 'payer_missing' });
  const returnUrl = returnUrlOf(attempt);
  const order = {
    out_trade_no: attempt.attemptId,
    total_amount: yuanOf(attempt.amount),
    subject: subjectOf(attempt.description),
    product_code: productCode(kind, qrProductCode),
    time_expire: beijingTime(expiresAt),
    ...(kind === 'pay' && { scene: 'bar_code', auth_code: payer.code }),
    ...(kind === 'wap' && returnUrl !== undefined && { quit_url: returnUrl }),
  };
  const goesBack = kind === 'page' || kind === 'wap';
  return ok({
    attemptId: attempt.attemptId,
    account: attempt.account,
    body: new TextEncoder().encode(JSON.stringify(order)),
    fields: {
      app_id: appId,
      seller_id: sellerId,
      kind,
      instrument: attempt.method.instrument,
      notifyUrl,
      ...(goesBack && returnUrl !== undefined && { returnUrl }),
    },
    expiresAt,
  });
}

/** Alipay takes none that is longer. Then the payer stays there: to come back is a comfort, to pay is not. */
const LONGEST_ADDRESS = 256;
const returnUrlOf = ({ returnUrl }: RequestedAttempt): string | undefined =>
  returnUrl !== undefined && returnUrl.length <= LONGEST_ADDRESS ? returnUrl : undefined;

/**
 * Another provider's app may scan our code, show its own to our terminal, or be chosen at our cashier; only
 * the switch to an app is to Alipay's. Which app it was is known when the money arrives.
 */
function kindOf({ provider, instrument, presentation }: Method, channel: Channel) {
  if (provider !== 'alipay' || instrument === 'wechat_pay') return undefined;
  if (presentation === 'app' && instrument !== 'alipay') return undefined;
  return kinds[presentation](channel);
}

/** In a shop's own page the payer has a computer; from an app or a mini program they come with a phone. */
const kinds: Readonly<Record<Presentation, (channel: Channel) => OrderKind | undefined>> = {
  redirect: (channel) => (channel === 'web' ? 'page' : 'wap'),
  app: () => 'app',
  qr: () => 'precreate',
  barcode: () => 'pay',
  mini_program: () => undefined,
  link: () => undefined, // ours: whoever presses pay gets one of the others
};

function productCode(kind: OrderKind, qrProductCode: string): string {
  switch (kind) {
    case 'page':
      return 'FAST_INSTANT_TRADE_PAY';
    case 'wap':
      return 'QUICK_WAP_WAY';
    case 'app':
      return 'QUICK_MSECURITY_PAY';
    case 'precreate':
      return qrProductCode;
    case 'pay':
      return 'FACE_TO_FACE_PAYMENT';
    default:
      return assertNever(kind);
  }
}

/** These three would end the text in Alipay's cashier. */
const subjectOf = (description: string): string => description.replaceAll(/[/=&]/g, ' ');

/** As it was prepared. @throws Error on what this gateway never wrote. */
export function kindOfPrepared({ fields }: Pick<Prepared, 'fields'>): OrderKind {
  const kind = KINDS.find((one) => one === fields['kind']);
  if (kind === undefined) throw new Error('order of no kind');
  return kind;
}

/** Of all but a code shown in store Alipay knows nothing until the payer opens what was shown. */
export const comesWithThePayer = (prepared: Pick<Prepared, 'fields'>): boolean =>
  kindOfPrepared(prepared) !== 'pay';

/**
 * Alipay's trade → our report.
 * @param t decoded, verified and ours: `out_trade_no` was compared before. `total_amount` is what the order
 *   asked in yuan, whatever coupons paid of it.
 * @param prepared whose app was asked for, where the answer does not say whose paid.
 * @param taken what our own record says that it took. TRADE_CLOSED has two meanings: never paid, and paid
 *   and all of it refunded since. Alipay's answer does not tell them apart, our record does.
 * @returns `unknown` for a status that the documents do not know, and for a paid trade without what a paid
 *   one must have.
 * Source: alipay.trade.query. TRADE_FINISHED is paid and no longer refundable.
 */
export function toAttemptReport(
  t: AlipayTrade,
  prepared: Pick<Prepared, 'fields'>,
  taken?: Paid,
): AttemptReport {
  switch (t.trade_status) {
    case 'TRADE_SUCCESS':
    case 'TRADE_FINISHED':
      return paidReport(t, t.send_pay_date, prepared);
    case 'WAIT_BUYER_PAY':
      return { kind: 'awaiting_payer' };
    case 'TRADE_CLOSED':
      return taken === undefined
        ? { kind: 'closed', reason: 'expired' }
        : { kind: 'succeeded', ...taken };
    default:
      return { kind: 'unknown', cause: 'state_unknown' };
  }
}

/** What says that money was taken, under the names of answers. */
export type PaidSaid = Readonly<{
  trade_no: string;
  total_amount?: string | undefined;
  fund_bill_list?: readonly FundPart[] | undefined;
}>;

/** @param paidOn in Beijing. @param prepared whose app was asked for. */
export function paidReport(
  said: PaidSaid,
  paidOn: string | undefined,
  prepared: Pick<Prepared, 'fields'>,
): AttemptReport {
  const paid = paidIn(said, paidOn);
  return paid === undefined
    ? { kind: 'unknown', cause: 'paid_without_details' }
    : { kind: 'succeeded', instrument: askedOf(prepared), ...paid };
}

/** @param paidOn in Beijing. @returns undefined of money without what a payment must have. */
export function paidIn(
  { trade_no, total_amount, fund_bill_list }: PaidSaid,
  paidOn: string | undefined,
): PaidBySomebody | undefined {
  const amount = moneyOfYuan(total_amount);
  const paidAt = fromBeijing(paidOn);
  if (!isId('providerRef', trade_no) || amount === undefined || paidAt === undefined) {
    return undefined;
  }
  const instrument = instrumentOf(fund_bill_list ?? []);
  return {
    providerRef: providerRef(trade_no),
    ...(instrument !== undefined && { instrument }),
    amount,
    paidAt,
  };
}

/** Whose app was asked for; of a code shown in store, whose code it was. */
function askedOf({ fields: { instrument = '' } }: Pick<Prepared, 'fields'>): Instrument {
  return isInstrument(instrument) ? instrument : 'alipay';
}

/** Until when a payer can use what was shown: a code's two hours, or the order's end if that is sooner. */
export const qrAction = (content: string, { expiresAt }: Prepared, at: Date): Action => {
  const validUntil = new Date(Math.min(at.getTime() + QR_LIFE_MS, expiresAt.getTime()));
  return { type: 'qr', content, validUntil };
};
