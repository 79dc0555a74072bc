import type {
  AttemptReport,
  CloseReport,
  RefundQueryReport,
  RefundSendReport,
  SubmitReport,
} from '@hutong/gateway';
import type { AlipayAnswer } from './alipay.client.js';
import { causeOf, meaningOf, meaningOfRefund, type Meaning } from './alipay.codes.js';

export type Unusable = Exclude<AlipayAnswer<unknown>, { kind: 'ok' }>;
type ErrorAnswer = Extract<Unusable, { kind: 'error' }>;

/** Business said no. Every other code leaves open what came of the call. */
const BUSINESS = '40004';
/** Of a code shown in store: the payer is asked on the phone. */
export const WAITING = '10003';

/** The answer to a create, where it shows nothing to the payer. */
export function toSubmitReport(answer: Unusable): SubmitReport {
  switch (answer.kind) {
    case 'not_sent':
      return { kind: 'not_sent', cause: answer.cause };
    case 'unclear':
      return { kind: 'unknown', cause: answer.cause };
    case 'error': {
      const meaning = meaningIn(answer);
      if (meaning.is === 'refused') return { kind: 'failed', reason: meaning.reason };
      return { kind: meaning.is === 'settled' ? 'settled' : 'unknown', cause: causeOf(answer) };
    }
  }
}

/** Whether a create was refused by a code that no document explains: only asking tells what came of it. */
export const isRefusedUnexplained = (answer: Unusable): boolean =>
  answer.kind === 'error' && meaningIn(answer).is === 'unlisted';

/**
 * The answer to a query, where it is no trade. A refused question says nothing of the order.
 * @param stillToCome whether the order comes to be only once its payer opens it, which they still can.
 */
export function toQueryReport(
  answer: Unusable,
  { stillToCome }: Readonly<{ stillToCome: boolean }>,
): AttemptReport {
  if (answer.kind !== 'error') return { kind: 'unknown', cause: answer.cause };
  if (meaningIn(answer).is !== 'not_found') return { kind: 'unknown', cause: causeOf(answer) };
  return { kind: stillToCome ? 'awaiting_payer' : 'not_found' };
}

/**
 * The answer to a close or a cancel, where it is not done. What the payer has not opened cannot be closed,
 * and may still be opened: it is held until its end. Else a refusal only says that it is time to ask.
 */
export function toCloseReport(answer: Unusable): CloseReport {
  if (answer.kind !== 'error') return { kind: 'unknown', cause: answer.cause };
  return {
    kind: meaningIn(answer).is === 'settled' ? 'settled' : 'unknown',
    cause: causeOf(answer),
  };
}

/**
 * The answer to a refund, where it is none. There a missing order was never paid, which does not change;
 * and a payer's state is a reason, whatever it is called.
 */
export function toRefundSendReport(answer: Unusable): RefundSendReport {
  switch (answer.kind) {
    case 'not_sent':
      return { kind: 'not_sent', cause: answer.cause };
    case 'unclear':
      return { kind: 'unknown', cause: answer.cause };
    case 'error': {
      const meaning = meaningIn(answer, meaningOfRefund);
      if (meaning.is === 'refused') return { kind: 'failed', reason: meaning.reason };
      return meaning.is === 'not_found'
        ? { kind: 'failed', reason: 'rejected' }
        : { kind: 'unknown', cause: causeOf(answer) };
    }
  }
}

/** The answer to a question about a refund, where it is none. */
export function toRefundQueryReport(answer: Unusable): RefundQueryReport {
  if (answer.kind !== 'error') return { kind: 'unknown', cause: answer.cause };
  return meaningIn(answer).is === 'not_found'
    ? { kind: 'not_found' }
    : { kind: 'unknown', cause: causeOf(answer) };
}

/** Only what Alipay signed is certain of anything: an unsigned answer can delay, and never move money. */
const meaningIn = ({ code, subCode, signed }: ErrorAnswer, meaning = meaningOf): Meaning =>
  signed && code === BUSINESS ? meaning(subCode) : { is: 'open' };
