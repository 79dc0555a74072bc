import { Client } from 'pg';

const ANSWER_WITHIN_MS = 2_000;

/** Whether a query is answered: the port is open earlier than that. */
export async function postgresAnswers(url: string): Promise<boolean> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: ANSWER_WITHIN_MS,
    query_timeout: ANSWER_WITHIN_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    client.end().catch(() => undefined); // unanswered, it would wait for as long as the server does
  }
}
