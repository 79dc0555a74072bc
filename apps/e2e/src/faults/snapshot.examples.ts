import type { Ring, RingService } from '@hutong/world';
import { Client } from 'pg';

/** A database as it was, to be put back. */
export type Snapshot = Readonly<{ at: Date; name: string }>;

/** Copies the database of a service of which nothing runs. */
export async function takeSnapshot(ring: Ring, service: RingService): Promise<Snapshot> {
  const { database, owner, admin } = await opened(ring, service);
  try {
    const name = `${database}_snapshot`;
    await admin.query(`create database ${name} template ${database} owner ${owner}`);
    return { at: new Date(), name };
  } finally {
    await admin.end();
  }
}

/** Everything that was written since is gone, as after a disk was lost. */
export async function putBack(ring: Ring, service: RingService, { name }: Snapshot): Promise<void> {
  const { database, admin } = await opened(ring, service);
  try {
    await admin.query(`drop database ${database} with (force)`);
    await admin.query(`alter database ${name} rename to ${database}`);
  } finally {
    await admin.end();
  }
}

/** Leaves nothing of a snapshot that nobody has put back. */
export async function discard(ring: Ring, service: RingService, { name }: Snapshot): Promise<void> {
  const { admin } = await opened(ring, service);
  try {
    await admin.query(`drop database if exists ${name} with (force)`);
  } finally {
    await admin.end();
  }
}

/** Rows of a table as they were, to be brought back by whoever has looked them up. */
export type Rows = Readonly<{ table: string; json: string }>;

/** All rows of these tables, in their order: what others refer to comes first. */
export async function rowsOf(
  ring: Ring,
  service: RingService,
  tables: readonly string[],
): Promise<readonly Rows[]> {
  const client = await connected(ring.databaseOf(service));
  try {
    const rows: Rows[] = [];
    for (const table of tables) {
      const read = await client.query<{ json: string }>(
        `select coalesce(json_agg(t), '[]')::text as json from ${table} t`,
      );
      rows.push({ table, json: read.rows[0]?.json ?? '[]' });
    }
    return rows;
  } finally {
    await client.end();
  }
}

/** Brings back what is not there any more, and leaves what is. @returns how many rows. */
export async function bringBackRows(
  ring: Ring,
  service: RingService,
  all: readonly Rows[],
): Promise<number> {
  const client = await connected(ring.databaseOf(service));
  try {
    let brought = 0;
    for (const { table, json } of all) {
      const { rowCount } = await client.query(
        `insert into ${table} select * from json_populate_recordset(null::${table}, $1::json)
         on conflict do nothing`,
        [json],
      );
      brought += rowCount ?? 0;
    }
    return brought;
  } finally {
    await client.end();
  }
}

async function opened(ring: Ring, service: RingService) {
  const address = new URL(ring.databaseOf(service));
  const database = address.pathname.slice(1);
  address.pathname = '/postgres';
  return { database, owner: database, admin: await connected(address.href) };
}

async function connected(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString, query_timeout: 30_000 });
  client.on('error', () => undefined); // the statement in hand fails and says so
  await client.connect();
  return client;
}
