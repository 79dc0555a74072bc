import type { FailureReason } from '@hutong/domain-events';
import type {
  AttemptReport,
  CloseReport,
  RefundQueryReport,
  RefundSendReport,
  SubmitReport,
} from '@hutong/gateway';
import type { WechatAnswer } from './wechat.client.js';

/**
 * What an error code means. `refused`: nothing came of the request, and the same one would be refused
 * again. `settled`: the order is past paying for. `not_found`: there is no such thing now, where that
 * was asked for. `open`: nothing follows from it; ask.
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
  TRADEOVERDUE: refused('rejected'),
  REFUNDFEEMISMATCH: refused('rejected'),
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
  RESOURCENOTEXISTS: { is: 'not_found' },
  FREQUENCYLIMITED: OPEN,
  RATELIMITEXCEEDED: OPEN,
  BANKERROR: OPEN,
  SYSTEMERROR: OPEN,
  SERVICEUNAVAILABLE: OPEN,
  // Of bills alone.
  NOSTATEMENTEXIST: OPEN,
  STATEMENTCREATING: OPEN,
};

export type Unusable = Exclude<WechatAnswer<unknown>, { kind: 'ok' }>;

/** The answer to a create, where it shows nothing to the payer. */
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
  if (answer.kind !== 'error') return { kind: 'unknown', cause: answer.cause };
  return isMissing(answer) ? { kind: 'not_found' } : { kind: 'unknown', cause: causeOf(answer) };
}

/** The answer to a close, where it is not done. A refused close says nothing of the order. */
export function toCloseReport(answer: Unusable): CloseReport {
  if (answer.kind !== 'error') return { kind: 'unknown', cause: answer.cause };
  const toAsk = meaningOf(answer).is === 'settled' || isMissing(answer);
  return { kind: toAsk ? 'settled' : 'unknown', cause: causeOf(answer) };
}

/**
 * The answer to a refund, where it is none. There `RESOURCE_NOT_EXISTS` is of the order: it was never
 * paid, so this will not change. What may move money is certain only under 4xx.
 */
export function toRefundSendReport(answer: Unusable): RefundSendReport {
  switch (answer.kind) {
    case 'not_sent':
      return { kind: 'not_sent', cause: answer.cause };
    case 'unclear':
      return { kind: 'unknown', cause: answer.cause };
    case 'error': {
      const meaning = meaningOf(answer);
      if (meaning.is === 'refused') return { kind: 'failed', reason: meaning.reason };
      return isMissing(answer)
        ? { kind: 'failed', reason: 'rejected' }
        : { kind: 'unknown', cause: causeOf(answer) };
    }
  }
}

/** The answer to a question about a refund, where it is none. */
export function toRefundQueryReport(answer: Unusable): RefundQueryReport {
  if (answer.kind !== 'error') return { kind: 'unknown', cause: answer.cause };
  return isMissing(answer) ? { kind: 'not_found' } : { kind: 'unknown', cause: causeOf(answer) };
}

type Refusal = Extract<Unusable, { kind: 'error' }>;

const isMissing = (answer: Refusal): boolean =>
  answer.status === 404 && meaningOf(answer).is === 'not_found';

/** A code that the documents do not know is certain of nothing. */
function meaningOf({ status, code }: Refusal): Meaning {
  const certain = status >= 400 && status < 500 && status !== 429;
  return (certain && meanings[code.replaceAll('_', '')]) || OPEN;
}

/** `order_paid`, `http_502`: a code of a closed list or a number, never a text of theirs. */
function causeOf({ status, code }: Refusal): string {
  return Object.hasOwn(meanings, code.replaceAll('_', '')) ? code.toLowerCase() : `http_${status}`;
}
