import type { Money } from '@hutong/money';
import { assertNever } from '@hutong/result';
import type { Found, News } from './order-book.js';
import { standingOf, type PaidOrder, type Trace, type Way } from './order.js';
import { reservedOf } from './paying-app.js';
import { standingOfRefund, type RefundTerms } from './refund.js';
import { messageOf, type Refusal, type ResultCode } from './result-code.js';
import { settleDateOf, traceTimeOf } from './unionpay-time.js';
import type { Fields } from './unionpay.signature.js';

const WIRE = { version: '5.1.0', encoding: 'UTF-8', signMethod: '01' } as const;
const SUB_TYPES = { page: '01', app: '01', qr: '07', barcode: '06' } as const satisfies Record<
  Way,
  string
>;
const TXN_TYPES = { refund: '04', undo: '31' } as const satisfies Record<
  RefundTerms['kind'],
  string
>;
/** As UnionPay masks it; of its published test card. */
const CARD = '621626*********0018';

const ECHOED = {
  txnType: /^\d\d$/,
  txnSubType: /^\d\d$/,
  bizType: /^\d{6}$/,
  accessType: /^\d$/,
  merId: /^\d{15}$/,
  orderId: /^[0-9A-Za-z]{8,32}$/,
  txnTime: /^\d{14}$/,
  reqReserved: /^[^&{}[\]\p{Cc}]{1,1024}$/u,
} as const;

/** What a call answers, not signed yet. Of the request it repeats what has its form. */
export function answerTo(asked: Fields, { code, issue }: Refusal, more: Fields = {}): Fields {
  const echo = Object.entries(ECHOED).flatMap(([name, form]): [string, string][] => {
    const value = asked[name];
    return value !== undefined && form.test(value) ? [[name, value]] : [];
  });
  return {
    ...WIRE,
    ...Object.fromEntries(echo),
    respCode: code,
    respMsg: messageOf(code, issue),
    ...more,
  };
}

/**
 * What a query answers beyond respCode 00; `undefined` if there is no transaction yet, which is 34.
 * @param extraFen added to what is told, never to the books. @param told instead of the true standing
 */
export function queryAnswer(
  found: Found,
  { extraFen, told }: Readonly<{ extraFen: number; told: ResultCode | undefined }>,
): Fields | undefined {
  const standing =
    found.kind === 'refund' ? standingOfRefund(found.refund) : standingOf(found.order);
  const code = told ?? standing;
  if (code === undefined) return undefined;
  return {
    ...identityOf(found),
    ...(numbersOf(found, extraFen) ?? { txnAmt: fen(termsOf(found).amount, extraFen) }),
    currencyCode: '156',
    origRespCode: code,
    origRespMsg: messageOf(code),
  };
}

/** What the merchant is told of a payment, or of a refund that has ended. */
export function noticeOf(news: News, extraFen: number): Fields {
  const code = news.kind === 'refund' ? standingOfRefund(news.refund) : news.order.payment.code;
  return {
    ...WIRE,
    ...identityOf(news),
    ...numbersOf(news, extraFen),
    currencyCode: '156',
    exchangeRate: '0',
    respCode: code,
    respMsg: code === '00' ? 'success' : messageOf(code),
  };
}

const termsOf = (found: Found) => (found.kind === 'refund' ? found.refund : found.order).terms;

function identityOf(found: Found): Fields {
  const { merId, orderId, txnTime, bizType, reqReserved } = termsOf(found);
  return {
    accessType: '0',
    bizType,
    merId,
    orderId,
    txnTime,
    ...typeOf(found),
    ...(reqReserved !== undefined && { reqReserved }),
  };
}

function typeOf(found: Found): Readonly<{ txnType: string; txnSubType: string }> {
  switch (found.kind) {
    case 'order':
      return { txnType: '01', txnSubType: SUB_TYPES[found.order.terms.way] };
    case 'refund':
      return { txnType: TXN_TYPES[found.refund.terms.kind], txnSubType: '00' };
    default:
      return assertNever(found);
  }
}

/** Numbers of what was really done; an order that is not paid has none. */
function numbersOf(found: Found, extraFen: number): Fields | undefined {
  if (found.kind === 'refund') {
    const { terms, trace } = found.refund;
    return { ...traced(trace), ...settled(terms.amount, extraFen), origQryId: terms.origQryId };
  }
  return found.order.state === 'paid' ? paymentNumbers(found.order, extraFen) : undefined;
}

const paymentNumbers = ({ payment }: PaidOrder, extraFen: number): Fields => ({
  ...traced(payment.trace),
  ...settled(payment.amount, extraFen),
  accNo: CARD,
  payCardType: '01',
  reserved: reservedOf(payment.app),
});

const traced = ({ queryId, traceNo, at }: Trace): Fields => ({
  queryId,
  traceNo,
  traceTime: traceTimeOf(at),
  settleDate: settleDateOf(at),
});

const settled = (amount: Money, extraFen: number): Fields => ({
  txnAmt: fen(amount, extraFen),
  settleAmt: fen(amount, extraFen),
  settleCurrencyCode: '156',
});

const fen = ({ minor }: Money, extra: number): string => (minor + BigInt(extra)).toString();
