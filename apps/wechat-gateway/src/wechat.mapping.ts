import type { Action, FailureReason } from '@hutong/domain-events';
import { isId, providerRef } from '@hutong/domain-events';
import type {
  AttemptReport,
  Prepared,
  PrepareRefusal,
  RequestedAttempt,
  SubmitReport,
} from '@hutong/gateway';
import { isCurrency, money } from '@hutong/money';
import { ok, refuse, type Result } from '@hutong/result';
import type { WechatAnswer, WechatTransaction } from './wechat.client.js';
import type { WechatAccount } from './wechat.config.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
/** About a minute is the shortest life that WeChat gives an order; some passes on the way. */
const SHORTEST_LIFE_MS = MINUTE_MS + 10 * SECOND_MS;
/** The safe reading of pages that say 7, 15 and 90 days. */
const LONGEST_LIFE_MS = 7 * 24 * 60 * MINUTE_MS;
const CODE_LIFE_MS = 2 * 60 * MINUTE_MS;
const BEIJING_OFFSET_MS = 8 * 60 * MINUTE_MS;
/** Their wire has a JSON number, which counts exactly up to here. */
const MOST_FEN = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Our attempt → the body of POST /v3/pay/transactions/native, to be sent as it is each time.
 * Amounts are integer fen, CNY only. `time_expire` has whole seconds, so it is rounded up.
 */
export function toNativeOrder(
  attempt: RequestedAttempt,
  { mchid, appid, notifyUrl }: Pick<WechatAccount, 'mchid' | 'appid' | 'notifyUrl'>,
  at: Date,
): Result<Prepared, PrepareRefusal> {
  const { provider, instrument, presentation } = attempt.method;
  if (provider !== 'wechat' || instrument !== 'wechat_pay' || presentation !== 'qr') {
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
  const order = {
    appid,
    mchid,
    description: attempt.description,
    out_trade_no: attempt.attemptId,
    time_expire: beijingTime(expiresAt),
    notify_url: notifyUrl,
    amount: { total: Number(minor), currency }, // exact: it is at most MOST_FEN
  };
  return ok({
    attemptId: attempt.attemptId,
    account: attempt.account,
    body: new TextEncoder().encode(JSON.stringify(order)),
    fields: { mchid, appid },
    expiresAt,
  });
}

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

/** A code lives two hours, its order perhaps longer; whichever ends first. */
export function toQrAction(codeUrl: string, { expiresAt }: Prepared, at: Date): Action {
  const dies = at.getTime() + CODE_LIFE_MS;
  return {
    type: 'qr',
    content: codeUrl,
    validUntil: new Date(Math.min(dies, expiresAt.getTime())),
  };
}

/**
 * What an error code means for the order. `refused`: no order was made, and the same request would be
 * refused again. `settled`: the order is past paying for. `not_found`: there is no such order now.
 * `open`: nothing follows from it; ask.
 */
type Meaning =
  | Readonly<{ is: 'refused'; reason: FailureReason }>
  | Readonly<{ is: 'settled' | 'not_found' | 'open' }>;

const refused = (reason: FailureReason): Meaning => ({ is: 'refused', reason });
const OPEN: Meaning = { is: 'open' };

/**
 * WeChat's error codes, without underscores since older pages write none. Status and code decide
 * together: some codes appear under 400 or 500, and under 5xx or 429 nothing is certain.
 */
const meanings: Readonly<Record<string, Meaning>> = {
  PARAMERROR: refused('rejected'),
  INVALIDREQUEST: refused('rejected'),
  INVALIDTRANSACTIONID: refused('rejected'),
  OPENIDMISMATCH: refused('rejected'),
  APPIDMCHIDNOTMATCH: refused('misconfigured'),
  MCHNOTEXISTS: refused('misconfigured'),
  SIGNERROR: refused('misconfigured'),
  NOAUTH: refused('misconfigured'),
  NOTENOUGH: refused('merchant_account'),
  USERACCOUNTABNORMAL: refused('payer_account'),
  RULELIMIT: refused('limit'),
  TRADEERROR: refused('declined'),
  ACCOUNTERROR: refused('payer_account'),
  ORDERPAID: { is: 'settled' },
  ORDERCLOSED: { is: 'settled' },
  // The number exists with other content: whose order it is, only asking can tell.
  OUTTRADENOUSED: OPEN,
  ORDERNOTEXIST: { is: 'not_found' },
  FREQUENCYLIMITED: OPEN,
  RATELIMITEXCEEDED: OPEN,
  BANKERROR: OPEN,
  SYSTEMERROR: OPEN,
  SERVICEUNAVAILABLE: OPEN,
};

type Unusable = Exclude<WechatAnswer<unknown>, { kind: 'ok' }>;

/** The answer to a create, where it is not a code. */
export function toSubmitReport(answer: Unusable): SubmitReport {
  switch (answer.kind) {
    case 'not_sent':
      return { kind: 'not_sent', cause: answer.cause };
    case 'unclear':
      return { kind: 'unknown', cause: answer.cause };
    case 'error': {
      const meaning = meaningOf(answer);
      if (meaning.is === 'refused') return { kind: 'failed', reason: meaning.reason };
      return { kind: meaning.is === 'settled' ? 'settled' : 'unknown', cause: causeOf(answer) };
    }
  }
}

/** The answer to a query, where it is no transaction. A refused question says nothing of the order. */
export function toQueryReport(answer: Unusable): AttemptReport {
  switch (answer.kind) {
    case 'not_sent':
    case 'unclear':
      return { kind: 'unknown', cause: answer.cause };
    case 'error':
      return answer.status === 404 && meaningOf(answer).is === 'not_found'
        ? { kind: 'not_found' }
        : { kind: 'unknown', cause: causeOf(answer) };
  }
}

/** A code that the documents do not know is certain of nothing. */
function meaningOf({ status, code }: Extract<Unusable, { kind: 'error' }>): Meaning {
  const certain = status >= 400 && status < 500 && status !== 429;
  return (certain && meanings[code.replaceAll('_', '')]) || OPEN;
}

/** `order_paid`, `http_502`: a code of a closed list or a number, never a text of theirs. */
function causeOf({ status, code }: Extract<Unusable, { kind: 'error' }>): string {
  return Object.hasOwn(meanings, code.replaceAll('_', '')) ? code.toLowerCase() : `http_${status}`;
}
