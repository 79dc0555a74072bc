import { isId, providerRef } from '@hutong/domain-events';
import { formText } from '@hutong/form';
import type {
  PreparedRefund,
  PrepareRefusal,
  RefundedOrder,
  RefundQueryReport,
  RefundReport,
  RequestedRefund,
} from '@hutong/gateway';
import { compare, equals } from '@hutong/money';
import { assertNever, ok, refuse, type Result } from '@hutong/result';
import { causeOf, meaningOfRefund } from './unionpay.codes.js';
import type { UnionpayAccount } from './unionpay.account.config.js';
import { amountIn, COMMON, SENT_AGAIN_MS } from './unionpay.mapping.js';
import { beijingDigits, settlementDay, tracedAt } from './unionpay.time.js';
import type { Moved, QueryAnswer } from './unionpay.wire.js';

const MINUTE_MS = 60_000;
/** An undo that arrives behind 23:00 is refused: a refund is asked for a little before. */
const ON_ITS_WAY_MS = 5 * MINUTE_MS;

const UNDO = '31';
const REFUND = '04';

/**
 * Our refund → the fields of a refund or an undo, not signed yet, to be sent as they are each time. Fen. All
 * of it on the payment's settlement day is an undo, which costs nothing; anything else is a refund, and so is
 * whatever follows an undo that failed.
 * @param at the refund's own `txnTime`, a part of its name.
 */
export function toRefundOrder(
  refund: RequestedRefund,
  { paid, fields, failed = [] }: RefundedOrder,
  { notifyUrl, at }: Pick<UnionpayAccount, 'notifyUrl'> & Readonly<{ at: Date }>,
): Result<PreparedRefund, PrepareRefusal> {
  const { refundId, attemptId, account, amount } = refund;
  const payable = amount.currency === 'CNY' && paid.amount.currency === 'CNY' && amount.minor >= 1n;
  if (!payable || compare(amount, paid.amount) > 0) return refuse({ code: 'amount_unsupported' });
  const arrives = new Date(at.getTime() + ON_ITS_WAY_MS);
  const isSameDay = settlementDay(arrives) === settlementDay(paid.paidAt);
  const undoFailed = failed.some(({ txnType }) => txnType === UNDO);
  const isUndo = isSameDay && !undoFailed && equals(amount, paid.amount);
  const txnType = isUndo ? UNDO : REFUND;
  const named = { merId: fields['merId'] ?? '', txnTime: beijingDigits(at) };
  const form = {
    ...COMMON,
    ...named,
    txnType,
    txnSubType: '00',
    // Sources differ in which it is: that of the payment is right in all of them.
    bizType: fields['bizType'] ?? '',
    channelType: fields['channelType'] ?? '',
    orderId: refundId,
    origQryId: paid.providerRef,
    txnAmt: amount.minor.toString(),
    backUrl: notifyUrl,
  };
  return ok({
    refundId,
    attemptId,
    account,
    body: new TextEncoder().encode(formText(form)),
    fields: { ...named, txnType },
  });
}

/**
 * What a query that worked says of a refund or an undo → our report.
 * @param said decoded, verified and ours. `txnAmt` is in fen.
 * @returns `stuck` for what people have to look into; `unknown` for what no list has.
 * Source: queryTrans.do, origRespCode.
 */
export function toRefundReport(
  said: Moved,
  code: string,
  { txnTime = '' }: Readonly<Record<string, string>>,
): RefundReport {
  const meaning = meaningOfRefund(code);
  switch (meaning.is) {
    case 'done':
      return givenBack(said, txnTime, meaning.defect ? causeOf(code) : undefined);
    case 'refused':
      return { kind: 'failed', reason: meaning.reason };
    case 'open':
    case 'waiting':
      return { kind: 'pending' };
    case 'late': // of payments alone: what it would mean of a refund is written nowhere
    case 'stuck':
      return { kind: 'pending', stuck: causeOf(code) };
    case 'missing':
    case 'unknown':
      return { kind: 'unknown', cause: causeOf(code) };
    default:
      return assertNever(meaning);
  }
}

export const toRefundQueryReport = (
  said: QueryAnswer,
  { fields }: Pick<PreparedRefund, 'fields'>,
): RefundQueryReport => toRefundReport(said, said.origRespCode, fields);

/** Behind that nothing of it is on its way any more. */
const NEVER_ARRIVED_MS = 2 * SENT_AGAIN_MS;

/** That there is no such refund: it is sent again for a while, and then it can not arrive any more. */
export function ofMissingRefund(sinceMs: number): RefundQueryReport {
  if (sinceMs < SENT_AGAIN_MS) return { kind: 'not_found' };
  return sinceMs < NEVER_ARRIVED_MS
    ? { kind: 'unknown', cause: causeOf('34') }
    : { kind: 'missing', cause: causeOf('34') };
}

function givenBack(said: Moved, txnTime: string, defect?: string): RefundReport {
  const { queryId = '' } = said;
  const amount = amountIn(said);
  const refundedAt = tracedAt(said.traceTime, txnTime);
  if (!isId('providerRef', queryId) || amount === undefined || refundedAt === undefined) {
    return { kind: 'unknown', cause: 'refunded_without_details' };
  }
  return {
    kind: 'succeeded',
    providerRef: providerRef(queryId),
    amount,
    refundedAt,
    ...(defect !== undefined && { defect }),
  };
}
