/** The first moment of day 0, see `posting/day.ts`, in SQL. Beijing has had no summer time since. */
export const EPOCH = `timestamptz '2020-01-01 00:00:00+08'`;

/** The day in Beijing on which a row `e` of the log was booked, as days since 2020-01-01. */
export const DAY_OF_BOOKING = `floor(extract(epoch from e.booked_at - ${EPOCH}) / 86400)::int`;
