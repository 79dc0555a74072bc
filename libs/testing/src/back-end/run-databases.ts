import { Client } from 'pg';

/** What the names of all databases of one run of the specs begin with. Lower case, no quoting needed. */
export const databasePrefix = (run: string): string => `hutong_${run}_`;

/** Drops what a run left on a server that outlives it. */
export async function dropRunDatabases(adminUrl: string, run: string): Promise<void> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const { rows } = await admin.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [databasePrefix(run)],
    );
    for (const { datname } of rows) await admin.query(`DROP DATABASE ${datname} WITH (FORCE)`);
  } finally {
    await admin.end();
  }
}
