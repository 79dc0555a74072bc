import type { Sql, TransactionRunner } from '@hutong/database';

/** How a provider is asked for an order or a refund. */
export type AskedBy = Readonly<{
  /** Not by the number alone, and the rest is lost with the database. */
  asksByMoreThanNumbers?: boolean;
}>;

/** What a database that was restored cannot know to be unsent: the numbers of attempts and refunds. */
export type MaybeSent = Readonly<{ attempts: readonly string[]; refunds: readonly string[] }>;

/** What stands unsent, asked for or not. Its refunds are sent again: under one number they give back once. */
const BY_NUMBER = `status in ('requested', 'submitted') and prepared_body is null`;

/**
 * What had no answer yet. Of what was just going out nothing may have arrived, so that it was prepared
 * anew and sent under a name that is not the one in this database.
 */
const BY_MORE = `status in ('requested', 'submitted')`;

/** Before `doubtMaybeSent` what it would find, behind it what it has found and is still so. */
export async function findMaybeSent(
  db: Sql,
  { asksByMoreThanNumbers = false }: AskedBy,
): Promise<MaybeSent> {
  const ofAttempts = asksByMoreThanNumbers ? BY_MORE : BY_NUMBER;
  const attempts = await db.query<{ id: string }>(
    `select attempt_id as id from attempts where ${ofAttempts} order by attempt_id`,
  );
  const refunds = asksByMoreThanNumbers
    ? await db.query<{ id: string }>(
        `select refund_id as id from refunds where ${BY_MORE} order by refund_id`,
      )
    : [];
  return { attempts: attempts.map(({ id }) => id), refunds: refunds.map(({ id }) => id) };
}

/**
 * Puts in doubt what may have been sent in a time that this database has lost: to be asked for before
 * anything else, or, where it cannot be asked for, with nothing to be done, which leaves it to people. Only
 * while nothing of the service runs; twice is as once.
 */
export function doubtMaybeSent(
  db: TransactionRunner,
  { asksByMoreThanNumbers = false }: AskedBy,
): Promise<MaybeSent> {
  return db.transaction(async (tx) => {
    if (asksByMoreThanNumbers) {
      for (const table of ['attempts', 'refunds'] as const) {
        await tx.query(
          `update ${table} set status = 'submitted', due_action = null, due_at = null
           where ${BY_MORE}`,
        );
      }
    } else {
      await tx.query(
        `update attempts set status = 'submitted', due_action = 'query' where status = 'requested'`,
      );
    }
    return findMaybeSent(tx, { asksByMoreThanNumbers });
  });
}
