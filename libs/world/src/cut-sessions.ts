import { ask } from './database.js';

/** A session that was ended, and whether a transaction was open in it. */
export type Cut = Readonly<{ instance: string; backend: number; inTransaction: boolean }>;

/** Ends every session that a service has at its database, whatever is under way in it. */
export const cutSessions = (address: string): Promise<Cut[]> =>
  ask<Cut>(
    address,
    // First whose they are, then their end: in one condition the server may begin with its own.
    `with own as materialized (
       select application_name as instance, pid as backend, xact_start is not null as "inTransaction"
       from pg_stat_activity where datname = current_database() and usename <> current_user
     )
     select own.* from own where pg_terminate_backend(backend)`,
  );
