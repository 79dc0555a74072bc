/**
 * SQL with `$1 …` parameters. `int8` arrives as bigint, `timestamptz` as Date, `bytea` as bytes;
 * parameters go the same way. @throws what the driver or Prisma threw: `sqlStateOf` says what it is.
 */
export interface Sql {
  query<Row extends object = object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** An open transaction: SQL for the libraries, the app's own models, and what waits for the commit. */
export interface Transaction<Models = unknown> extends Sql {
  /** The app's Prisma client inside this very transaction. */
  readonly prisma: Models;
  /** Runs after the commit, never after a rollback. For wake-ups: it may not fail, and may be lost. */
  onCommit(run: () => void): void;
}

/** What a library asks for that needs a transaction and knows no app's models. */
export interface TransactionRunner {
  /** Commits what `work` did, or rolls all of it back and throws what `work` threw. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}
