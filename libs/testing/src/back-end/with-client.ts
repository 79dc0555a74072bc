import { Client } from 'pg';

/** Runs on a connection of its own, closed afterwards. @param url with the password. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined); // the statement in hand fails and says so
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
