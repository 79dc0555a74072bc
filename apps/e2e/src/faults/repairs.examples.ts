import { Client } from 'pg';
import type { RingService } from '@hutong/world';
import type { FaultWorld } from './fault-world.examples.js';

/** What of a service's own rows is not there for a while, as if a part of its database had been lost. */
export type Hidden = Readonly<{ table: string; column: string; is: string; becomes: string }>;

/** Nobody finds those rows any more. @throws Error if there are none. */
export const hide = (world: FaultWorld, service: RingService, hidden: Hidden): Promise<void> =>
  rename(world, service, hidden);

/** They are back, as they were. */
export const bringBack = (
  world: FaultWorld,
  service: RingService,
  { is, becomes, ...where }: Hidden,
): Promise<void> => rename(world, service, { ...where, is: becomes, becomes: is });

async function rename(
  { ring }: FaultWorld,
  service: RingService,
  { table, column, is, becomes }: Hidden,
): Promise<void> {
  const client = new Client({ connectionString: ring.databaseOf(service), query_timeout: 30_000 });
  client.on('error', () => undefined); // the statement in hand fails and says so
  await client.connect();
  try {
    const { rowCount } = await client.query(
      `update ${table} set ${column} = $1 where ${column}::text = $2`,
      [becomes, is],
    );
    if (rowCount === 0) throw new Error(`no ${table} with ${column} ${is}`);
  } finally {
    await client.end();
  }
}
