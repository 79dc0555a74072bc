import type { Method } from '@hutong/domain-events';
import type { AskingPlan, Gaps } from '@hutong/gateway';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** Alipay tells of payments by itself: asking is for what got lost. */
const REMOTE: Gaps = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  3 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
];

/** At a till somebody waits, and so does the queue behind. */
const IN_STORE: Gaps = [
  3 * SECOND_MS,
  3 * SECOND_MS,
  3 * SECOND_MS,
  3 * SECOND_MS,
  5 * SECOND_MS,
  10 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
];

/** A refund is not to be asked for in its first ten seconds. */
const REFUNDS: Gaps = [10 * SECOND_MS, 20 * SECOND_MS, MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS];

/** How often Alipay wants to be asked. Source: alipay.trade.pay, alipay.trade.fastpay.refund.query. */
export const ALIPAY_ASKING: AskingPlan = {
  ofOrder: ({ presentation }: Method) => (presentation === 'barcode' ? IN_STORE : REMOTE),
  ofRefund: REFUNDS,
};
