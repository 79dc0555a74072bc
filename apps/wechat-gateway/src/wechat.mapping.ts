import { isId, providerRef, type Action } from '@hutong/domain-events';
import type {
  AttemptReport,
  Prepared,
  PrepareRefusal,
  RequestedAttempt,
  SealedFields,
} from '@hutong/gateway';
import { isCurrency, money } from '@hutong/money';
import { assertNever, ok, refuse, type Result } from '@hutong/result';
import type { WechatAccount } from './wechat.account.config.js';
import type { WechatTransaction } from './wechat.wire.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
/** About a minute is the shortest life that WeChat gives an order; some passes on the way. */
const SHORTEST_LIFE_MS = MINUTE_MS + 10 * SECOND_MS;
/** The safe reading of pages that say 7, 15 and 90 days. */
const LONGEST_LIFE_MS = 7 * 24 * 60 * MINUTE_MS;
const BEIJING_OFFSET_MS = 8 * 60 * MINUTE_MS;
/** Their wire has a JSON number, which counts exactly up to here. */
export const MOST_FEN = BigInt(Number.MAX_SAFE_INTEGER);

/** How a payer of ours gets to pay, and so which kind of order it is. */
export const PRESENTATIONS = ['qr', 'redirect', 'app', 'mini_program'] as const;
export type WechatPresentation = (typeof PRESENTATIONS)[number];

/** What an order opens, and how long that lives; its order perhaps longer. */
const LIFE_MS: Readonly<Record<WechatPresentation, number>> = {
  qr: 2 * 60 * MINUTE_MS,
  redirect: 5 * MINUTE_MS,
  app: 2 * 60 * MINUTE_MS,
  mini_program: 2 * 60 * MINUTE_MS,
};

type Payee = Pick<WechatAccount, 'mchid' | 'appid' | 'appids' | 'notifyUrl'>;

/**
 * Our attempt → the body of POST /v3/pay/transactions/{native,h5,app,jsapi}, to be sent as it is each
 * time. Amounts are integer fen, CNY only. `time_expire` has whole seconds, so it is rounded up.
 * @param payer of a mini program the openid, in a browser the address: WeChat's orders carry them.
 *   Whoever pays by a shared link is the payer of its attempt.
 */
export function toOrder(
  attempt: RequestedAttempt,
  { mchid, appid, appids, notifyUrl }: Payee,
  { at, payer }: Readonly<{ at: Date; payer: SealedFields }>,
): Result<Prepared, PrepareRefusal> {
  const { provider, instrument, presentation } = attempt.method;
  const known = PRESENTATIONS.find((one) => one === presentation);
  if (provider !== 'wechat' || instrument !== 'wechat_pay' || known === undefined) {
    return refuse({ code: 'method_unsupported' });
  }
  const { minor, currency } = attempt.amount;
  const payable = currency === 'CNY' && minor >= 1n && minor <= MOST_FEN;
  if (!payable) return refuse({ code: 'amount_unsupported' });
  const earliest = at.getTime() + SHORTEST_LIFE_MS;
  const wanted = Math.max(attempt.expiresAt.getTime(), earliest);
  const expiresAt = new Date(Math.ceil(wanted / SECOND_MS) * SECOND_MS);
  if (expiresAt.getTime() > at.getTime() + LONGEST_LIFE_MS) {
    return refuse({ code: 'expiry_unsupported' });
  }
  const ofPayer = payerPart(known, payer);
  if (ofPayer === undefined) return refuse({ code: 'payer_missing' });
  const app = appids?.[known] ?? appid;
  const order = {
    appid: app,
    mchid,
    description: attempt.description,
    out_trade_no: attempt.attemptId,
    time_expire: beijingTime(expiresAt),
    notify_url: notifyUrl,
    amount: { total: Number(minor), currency }, // exact: it is at most MOST_FEN
    ...ofPayer,
  };
  const { returnUrl } = attempt;
  return ok({
    attemptId: attempt.attemptId,
    account: attempt.account,
    body: new TextEncoder().encode(JSON.stringify(order)),
    fields: {
      mchid,
      appid: app,
      presentation: known,
      ...(known === 'redirect' && returnUrl !== undefined && { returnUrl }),
    },
    expiresAt,
  });
}

/** What of the payer this kind of order needs; undefined if it was not given. */
function payerPart(
  presentation: WechatPresentation,
  { openid, clientIp }: SealedFields,
): object | undefined {
  switch (presentation) {
    case 'qr':
    case 'app':
      return {};
    case 'mini_program':
      return openid === undefined ? undefined : { payer: { openid } };
    case 'redirect': // which system the browser runs on nobody told us: `Wap` is any of them
      return clientIp === undefined
        ? undefined
        : { scene_info: { payer_client_ip: clientIp, h5_info: { type: 'Wap' } } };
    default:
      return assertNever(presentation);
  }
}

/** As it was prepared. Orders from before there were others are codes. */
export const presentationOf = ({ fields }: Pick<Prepared, 'fields'>): WechatPresentation =>
  PRESENTATIONS.find((one) => one === fields['presentation']) ?? 'qr';

/** RFC 3339 at Beijing's constant offset: `2026-11-24T16:15:00+08:00`. */
export const beijingTime = (at: Date): string =>
  `${new Date(at.getTime() + BEIJING_OFFSET_MS).toISOString().slice(0, 19)}+08:00`;

/**
 * WeChat Pay v3 transaction → our report.
 * @param t decoded, validated and ours: mchid, appid and out_trade_no were compared before.
 *   `amount.total` is an integer in fen: what the order asked, whatever coupons paid of it.
 * @returns `succeeded` for REFUND too: a refunded trade was paid first. `unknown` for a state that the
 *   documents do not know, and for a paid trade without what a paid one must have.
 * Source: GET /v3/pay/transactions/out-trade-no/{out_trade_no}. SUCCESS, REFUND and CLOSED are final; a
 *   failed try leaves the order payable.
 */
export function toAttemptReport(t: WechatTransaction): AttemptReport {
  switch (t.trade_state) {
    case 'SUCCESS':
    case 'REFUND':
      return paidReport(t);
    case 'NOTPAY':
    case 'USERPAYING':
      return { kind: 'awaiting_payer' };
    case 'PAYERROR': // bar code only
      return { kind: 'failed', reason: 'declined' };
    case 'CLOSED':
      return { kind: 'closed', reason: 'expired' };
    case 'REVOKED': // bar code only
      return { kind: 'closed', reason: 'cancelled' };
    default:
      return { kind: 'unknown', cause: 'state_unknown' };
  }
}

function paidReport({ transaction_id, success_time, amount }: WechatTransaction): AttemptReport {
  const currency = amount?.currency ?? 'CNY';
  const paidAt = new Date(success_time ?? NaN);
  const complete =
    transaction_id !== undefined &&
    isId('providerRef', transaction_id) &&
    !Number.isNaN(paidAt.getTime()) &&
    amount !== undefined &&
    isCurrency(currency);
  if (!complete) return { kind: 'unknown', cause: 'paid_without_details' };
  return {
    kind: 'succeeded',
    providerRef: providerRef(transaction_id),
    instrument: 'wechat_pay',
    amount: money(BigInt(amount.total), currency),
    paidAt,
  };
}

/** Until when a payer can use what the order opened: it, or its order, whichever ends first. */
export const validUntil = (prepared: Pick<Prepared, 'fields' | 'expiresAt'>, at: Date): Date =>
  new Date(
    Math.min(at.getTime() + LIFE_MS[presentationOf(prepared)], prepared.expiresAt.getTime()),
  );

/** Where the payer's browser goes, and from there back to whoever asked. */
export function toRedirect(h5Url: string, prepared: Prepared, at: Date): Action {
  const { returnUrl } = prepared.fields;
  const back = returnUrl === undefined ? '' : `&redirect_url=${encodeURIComponent(returnUrl)}`;
  return { type: 'redirect', url: `${h5Url}${back}`, validUntil: validUntil(prepared, at) };
}
