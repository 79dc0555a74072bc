import type { Sql } from '@hutong/database';

/** Whether what was appended at `at` may have been heard, and acted on, before the database was restored. */
export type HeardInLostTime = (at: Date) => boolean;

/** As of now: a database is restored, and its group rewound, only while nothing of the service runs. */
export async function lostTimes(db: Sql): Promise<HeardInLostTime> {
  const rows = await db.query<{ heard_from: Date; heard_until: Date }>(
    'select heard_from, heard_until from rewinds',
  );
  return (at) => rows.some(({ heard_from: from, heard_until: until }) => from <= at && at <= until);
}
