import type { SubCode } from './refusal.js';
import type { PlaceRefusal } from './trade.js';

/** How Alipay says that a number was used before. */
export const wordsOfPlacing: Readonly<Record<PlaceRefusal, SubCode>> = {
  paid: 'ACQ.TRADE_HAS_SUCCESS',
  closed: 'ACQ.TRADE_HAS_CLOSE',
  differs: 'ACQ.CONTEXT_INCONSISTENT',
};
