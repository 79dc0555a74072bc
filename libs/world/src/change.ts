import { Client } from 'pg';

const DONE_WITHIN_MS = 30_000;

/** What a spec adds to a database, or does to those who use it. Its rows stay as they are: books are compared. */
export async function change(address: string, statements: string): Promise<void> {
  const client = new Client({ connectionString: address, query_timeout: DONE_WITHIN_MS });
  client.on('error', () => undefined); // the statement in hand fails and says so
  try {
    await client.connect();
    await client.query(statements);
  } finally {
    await client.end();
  }
}
