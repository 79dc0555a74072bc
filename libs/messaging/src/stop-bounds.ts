/** For the events in hand, or the rows that are there: what is not done by then is done again. */
export const FINISH_WITHIN_MS = 7_000;
/** For a broker that may be away. */
export const DISCONNECT_WITHIN_MS = 2_000;

/**
 * The longest that a step of stopping takes here. A service's own bound for a step must be longer, or
 * it goes on to the pools while handlers still use them; a spec of the deployment compares the two.
 */
export const STOP_WITHIN_MS = FINISH_WITHIN_MS + DISCONNECT_WITHIN_MS;
