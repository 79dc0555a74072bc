import type { AskingPlan, Gaps } from '@hutong/gateway';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const inSeconds = [1, 2, 4, 8, 16, 32].map((seconds) => seconds * SECOND_MS);
const slowly = [5, 10, 30, 60, 120].map((minutes) => minutes * MINUTE_MS);

/** Of what UnionPay does by itself: its own steps, and then slowly. */
const OF_CALLS: Gaps = [SECOND_MS, ...inSeconds.slice(1), ...slowly];
/** Of what a payer does: while somebody watches sooner than UnionPay's own steps, which follow. */
const OF_PAYERS: Gaps = [10 * SECOND_MS, 20 * SECOND_MS, MINUTE_MS, 2 * MINUTE_MS, ...slowly];

/** By its `txnTime` too, which is made anew for each sending that is prepared, and in no event. */
export const ASKS_BY_MORE_THAN_NUMBERS = true;

/**
 * UnionPay tells of successes alone, and no more after five tries: asking is how anything is found out. A
 * till waits for seconds; whoever is at a cashier takes minutes. Asked too often it answers 37, which says
 * nothing, so that the next step is as far away as planned.
 */
export const ASKING: AskingPlan = {
  ofOrder: ({ presentation }) => (presentation === 'barcode' ? OF_CALLS : OF_PAYERS),
  inDoubt: OF_CALLS,
  ofRefund: OF_CALLS,
  // 42 is money behind the end; that UnionPay tells of it is written nowhere.
  afterEnd: [10 * MINUTE_MS, 120 * MINUTE_MS, 24 * 60 * MINUTE_MS],
};
