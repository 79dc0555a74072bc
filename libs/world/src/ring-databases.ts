import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** Where one service finds its database: an address without password, and the password. */
export type ServiceDatabase = Readonly<{ url: string; password: string }>;

/**
 * A database and an owning role of its own for each service, under names that no other run has.
 * @param adminUrl address, password included, of a role that may create both.
 */
export async function createDatabases(
  adminUrl: string,
  prefix: string,
  services: readonly string[],
): Promise<ReadonlyMap<string, ServiceDatabase>> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const created = new Map<string, ServiceDatabase>();
    for (const service of services) {
      created.set(service, await createDatabase(admin, adminUrl, prefix, service));
    }
    return created;
  } finally {
    await admin.end();
  }
}

/** Removes what `createDatabases` made, sessions included: for a server that outlives the run. */
export async function dropDatabases(
  adminUrl: string,
  prefix: string,
  services: readonly string[],
): Promise<void> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    for (const service of services) {
      const name = nameOf(prefix, service);
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await admin.query(`DROP ROLE IF EXISTS ${name}`);
    }
  } finally {
    await admin.end();
  }
}

async function createDatabase(
  admin: Client,
  adminUrl: string,
  prefix: string,
  service: string,
): Promise<ServiceDatabase> {
  const name = nameOf(prefix, service);
  const password = randomBytes(18).toString('base64url');
  await admin.query(`CREATE ROLE ${name} LOGIN PASSWORD '${password}'`);
  await admin.query(`CREATE DATABASE ${name} OWNER ${name}`);
  const url = new URL(adminUrl);
  url.username = name;
  url.password = '';
  url.pathname = `/${name}`;
  return { url: url.href, password };
}

/** Role and database share one name: lower case, digits and underscores, so it needs no quoting. */
const nameOf = (prefix: string, service: string): string =>
  `${prefix}_${service.replaceAll('-', '_')}`;
