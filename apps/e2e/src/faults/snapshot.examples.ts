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

async function opened(ring: Ring, service: RingService) {
  const address = new URL(ring.databaseOf(service));
  const database = address.pathname.slice(1);
  address.pathname = '/postgres';
  const admin = new Client({ connectionString: address.href, query_timeout: 30_000 });
  admin.on('error', () => undefined); // the statement in hand fails and says so
  await admin.connect();
  return { database, owner: database, admin };
}
