import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Client } from 'pg';
import { writeSecret } from './ring-secrets.js';
import { files, type RingService } from './ring-services.js';

/** Where a service's database is; the password is in a file of the ring's folder. */
export type DatabaseUrls = ReadonlyMap<RingService, string>;

type Wanted = Readonly<{
  /** Address, password included, of a role that may create roles and databases. */
  adminUrl: string;
  /** Begins names that no other run has. */
  prefix: string;
  services: readonly RingService[];
  folder: string;
}>;

/** A database and an owning role of its own for each service. */
export async function createDatabases(wanted: Wanted): Promise<DatabaseUrls> {
  const { adminUrl, prefix, services, folder } = wanted;
  return withAdmin(adminUrl, async (admin) => {
    const urls = new Map<RingService, string>();
    for (const service of services) {
      const name = nameOf(prefix, service);
      const password = randomBytes(18).toString('base64url');
      await admin.query(`CREATE ROLE ${name} LOGIN PASSWORD '${password}'`);
      await admin.query(`CREATE DATABASE ${name} OWNER ${name}`);
      await writeSecret(join(folder, files.password(service)), password);
      const url = new URL(adminUrl);
      url.username = name;
      url.password = '';
      url.pathname = `/${name}`;
      urls.set(service, url.href);
    }
    return urls;
  });
}

/** Removes what `createDatabases` made, sessions included: for a server that outlives the ring. */
export async function dropDatabases(
  adminUrl: string,
  prefix: string,
  services: readonly RingService[],
): Promise<void> {
  await withAdmin(adminUrl, async (admin) => {
    for (const service of services) {
      const name = nameOf(prefix, service);
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await admin.query(`DROP ROLE IF EXISTS ${name}`);
    }
  });
}

async function withAdmin<T>(adminUrl: string, work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client({
    connectionString: adminUrl,
    connectionTimeoutMillis: 10_000,
    query_timeout: 30_000,
  });
  admin.on('error', () => undefined); // the statement in hand fails and says so
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.end();
  }
}

/** Role and database share one name: lower case, digits and underscores, so it needs no quoting. */
const nameOf = (prefix: string, service: RingService): string =>
  `${prefix}_${service.replaceAll('-', '_')}`;
