/** What time it is, injected: nothing that decides reads the system's clock itself. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
