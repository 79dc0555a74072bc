/** How often, and how far apart, an event is tried before its key is parked, and after. */
export type RetryDelays = Readonly<{
  /** Between tries of the event in hand; one try more than there are delays. */
  inHandMs: readonly number[];
  /** Until the first retry of a parked key; doubles each time, up to the maximum. */
  parkedMs: number;
  parkedMaxMs: number;
}>;

export const PRODUCTION_DELAYS: RetryDelays = {
  // Short: until all batches of a fetch are through, kafkajs fetches nothing more of that broker.
  inHandMs: [50, 250],
  parkedMs: 2_000,
  // Somebody waits for the payment: when the trouble is over, it goes on within half a minute.
  parkedMaxMs: 30_000,
};

/** @param attempts failed turns so far, 0 when the key is just being parked. */
export const parkedDelayMs = (delays: RetryDelays, attempts: number): number =>
  Math.min(delays.parkedMaxMs, delays.parkedMs * 2 ** Math.min(attempts, 30));
