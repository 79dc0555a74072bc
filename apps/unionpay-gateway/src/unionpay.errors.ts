import type {
  AttemptReport,
  Prepared,
  RefundQueryReport,
  RefundSendReport,
  SubmitReport,
} from '@hutong/gateway';
import type { UnionpayAnswer } from './unionpay.client.js';
import { causeOf, meaningOf, meaningOfRefund } from './unionpay.codes.js';
import { kindOfPrepared } from './unionpay.mapping.js';
import { ofMissingRefund } from './unionpay.refunds.js';

export type Unusable = Exclude<UnionpayAnswer<unknown>, { kind: 'ok' }>;

/** The answer to a create, where it shows nothing. Only a definite no is one: the rest is asked for. */
export function toSubmitReport(answer: Unusable): SubmitReport {
  switch (answer.kind) {
    case 'not_sent':
      return { kind: 'not_sent', cause: answer.cause };
    case 'unclear':
      return { kind: 'unknown', cause: answer.cause };
    case 'refused': {
      const meaning = meaningOf(answer.code);
      return meaning.is === 'refused'
        ? { kind: 'failed', reason: meaning.reason }
        : { kind: 'unknown', cause: causeOf(answer.code) };
    }
  }
}

/**
 * The answer to a query, where it did not work. A refused question says nothing of the order. That there is
 * none says no more, as long as its payer may still come: a cashier's transaction begins with them.
 */
export function toQueryReport(
  answer: Unusable,
  prepared: Prepared,
  { isOver }: Readonly<{ isOver: boolean }>,
): AttemptReport {
  if (answer.kind !== 'refused') return { kind: 'unknown', cause: answer.cause };
  if (meaningOf(answer.code).is !== 'missing') {
    return { kind: 'unknown', cause: causeOf(answer.code) };
  }
  const comesWithThePayer = kindOfPrepared(prepared) !== 'barcode';
  return { kind: comesWithThePayer && !isOver ? 'awaiting_payer' : 'not_found' };
}

/** The answer to a refund or an undo, where it was not accepted. */
export function toRefundSendReport(answer: Unusable): RefundSendReport {
  switch (answer.kind) {
    case 'not_sent':
      return { kind: 'not_sent', cause: answer.cause };
    case 'unclear':
      return { kind: 'unknown', cause: answer.cause };
    case 'refused': {
      const meaning = meaningOfRefund(answer.code);
      return meaning.is === 'refused'
        ? { kind: 'failed', reason: meaning.reason }
        : { kind: 'unknown', cause: causeOf(answer.code) };
    }
  }
}

/** The answer to a question about a refund, where it did not work. @param sinceMs its `txnTime`. */
export function toRefundQueryReport(answer: Unusable, sinceMs: number): RefundQueryReport {
  if (answer.kind !== 'refused') return { kind: 'unknown', cause: answer.cause };
  return meaningOf(answer.code).is === 'missing'
    ? ofMissingRefund(sinceMs)
    : { kind: 'unknown', cause: causeOf(answer.code) };
}
