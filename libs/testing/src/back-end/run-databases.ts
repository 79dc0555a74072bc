import { withClient } from './with-client.js';

/** What the names of all databases of one run of the specs begin with. Lower case, no quoting needed. */
export const databasePrefix = (run: string): string => `hutong_${run}_`;

/** Drops what a run left on a server that outlives it. */
export async function dropRunDatabases(adminUrl: string, run: string): Promise<void> {
  await withClient(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [databasePrefix(run)],
    );
    for (const { datname } of rows) await admin.query(`DROP DATABASE ${datname} WITH (FORCE)`);
  });
}
