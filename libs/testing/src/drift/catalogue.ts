import type { DatabaseConfig } from '@hutong/config';
import type { Client } from 'pg';
import { withClient } from '../back-end/with-client.js';

/** A table's schema as lines that can be compared: columns, indexes, foreign keys, in order. */
export type Catalogue = ReadonlyMap<string, readonly string[]>;

/**
 * What a Prisma schema can say as well. Names of indexes and constraints are left out, and so are
 * checks, partial indexes and indexes over expressions, which it cannot say.
 */
const LINES = `
  SELECT c.relname AS owner, 'column ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
    || CASE WHEN a.attidentity <> '' THEN ' identity' ELSE '' END
    || coalesce(' default ' || replace(pg_get_expr(d.adbin, d.adrelid), 'CURRENT_TIMESTAMP', 'now()'), '')
    AS line
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
  UNION ALL
  SELECT c.relname,
    CASE WHEN i.indisprimary THEN 'primary key' WHEN i.indisunique THEN 'unique' ELSE 'index' END
    || regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING', '')
  FROM pg_index i
  JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = 'public'::regnamespace
  WHERE i.indpred IS NULL AND i.indexprs IS NULL
  UNION ALL
  SELECT c.relname, pg_get_constraintdef(k.oid)
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid AND c.relnamespace = 'public'::regnamespace
  WHERE k.contype = 'f'
  UNION ALL
  SELECT t.typname, 'enum ' || string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder)
  FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
  WHERE t.typnamespace = 'public'::regnamespace
  GROUP BY t.typname
  ORDER BY 1, 2`;

/** The tables (and enums) of a database's public schema, each with its lines. */
export async function catalogueOf(database: DatabaseConfig): Promise<Catalogue> {
  const { rows } = await onDatabase(database, (client) =>
    client.query<{ owner: string; line: string }>(LINES),
  );
  const owners = Map.groupBy(rows, ({ owner }) => owner);
  return new Map([...owners].map(([owner, own]) => [owner, own.map(({ line }) => line)]));
}

/** Runs on a connection of its own, closed afterwards. */
export function onDatabase<T>(
  database: DatabaseConfig,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const url = new URL(database.url);
  url.password = encodeURIComponent(database.password.reveal());
  return withClient(url.href, work);
}
