import type { Pool, PoolClient } from 'pg';

/** One transaction on a client of its own: for work that outlives an interactive transaction's limit. */
export async function inTransaction<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    // Waited for: behind one that failed, each statement would commit by itself.
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (fault) {
    await leave(client);
    throw fault;
  }
}

/** A client that cannot even roll back does not go back into the pool. */
async function leave(client: PoolClient): Promise<void> {
  try {
    await client.query('rollback');
    client.release();
  } catch (fault) {
    client.release(fault instanceof Error ? fault : true);
  }
}
