import { Client } from 'pg';

/**
 * Rows of one question to a service's own database: for looking, never for changing it.
 * @param values of `$1`, `$2`, …
 */
export async function ask<Row extends object>(
  address: string,
  query: string,
  values: readonly string[] = [],
): Promise<Row[]> {
  const client = new Client({ connectionString: address, query_timeout: 10_000 });
  client.on('error', () => undefined); // the query in hand fails and says so
  try {
    await client.connect();
    const { rows } = await client.query<Row>(query, [...values]);
    return rows;
  } finally {
    await client.end();
  }
}

/** Which columns of which tables; `*` for all of them. */
export type Columns = Readonly<Record<string, string>>;

/** Every row of these tables, in an order that follows from the rows. */
export async function readRows(
  address: string,
  tables: Columns,
): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const read = Object.entries(tables).map(
    ([table, columns]) =>
      `(select coalesce(json_agg(r order by r::text), '[]')
        from (select ${columns} from ${table}) r) as "${table}"`,
  );
  const [row] = await ask<Record<string, unknown[]>>(address, `select ${read.join(', ')}`);
  return row ?? {};
}
