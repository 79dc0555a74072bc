import { Client } from 'pg';

/** Rows of one question to a service's own database: for looking, never for changing it. */
export async function ask<Row extends object>(address: string, query: string): Promise<Row[]> {
  const client = new Client({ connectionString: address, query_timeout: 10_000 });
  client.on('error', () => undefined); // the query in hand fails and says so
  try {
    await client.connect();
    const { rows } = await client.query<Row>(query);
    return rows;
  } finally {
    await client.end();
  }
}

/** How many rows each of these tables has. */
export async function countRows(
  address: string,
  tables: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const counts = tables.map((table) => `(select count(*)::int from ${table}) as "${table}"`);
  const [row] = await ask<Record<string, number>>(address, `select ${counts.join(', ')}`);
  return row ?? {};
}
