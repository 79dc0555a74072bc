/**
 * Which clock gives the day on which a payer counts. `append`: the broker's, so that a day closes when
 * the log has passed it. `event`: the business time, or when it happened; for imports and the story.
 */
export const BOOKING_CLOCKS = ['append', 'event'] as const;
export type BookingClock = (typeof BOOKING_CLOCKS)[number];

/** The times of an event: when it happened, what the story says, when the broker took it. */
export type Times = Readonly<{
  occurredAt: Date;
  businessTime?: Date | undefined;
  /** Not before that of anything booked of the same partition: that clock does not run backwards. */
  appendedAt: Date;
}>;

export const bookedAt = (clock: BookingClock, times: Times): Date =>
  clock === 'append' ? times.appendedAt : (times.businessTime ?? times.occurredAt);
