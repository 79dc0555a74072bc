import type { DatabaseConfig } from '@hutong/config';
import { freshDatabase } from '../test-database.js';
import { catalogueOf, onDatabase, type Catalogue } from './catalogue.js';
import { sqlFromSchema } from './prisma-sql.js';

type Migrate = (database: DatabaseConfig) => Promise<unknown>;

export type DriftQuestion = Readonly<{
  /** The app's `schema.prisma`. */
  schema: URL;
  /** Runs all migrations: of the libraries and the app's own. */
  migrate: Migrate;
  /** Runs the libraries' alone. Their tables may be left out of the schema, or be mirrored by it. */
  libraries: Migrate;
}>;

/** Prisma's own bookkeeping, in every migrated database. */
const HISTORY = '_prisma_migrations';

/**
 * Where migrations and models differ: what the migrations make of an empty database, against what
 * Prisma itself would make of the schema.
 * @returns one line per difference, and which side has it; empty if there is none.
 */
export async function driftOf({ schema, migrate, libraries }: DriftQuestion): Promise<string[]> {
  const [migrated, modelled, foreign] = await Promise.all([
    catalogueAfter(migrate),
    catalogueAfter(async (database) => {
      const sql = await sqlFromSchema(schema, database);
      await onDatabase(database, (client) => client.query(sql));
    }),
    catalogueAfter(libraries),
  ]);
  const left = (owner: string) => owner === HISTORY || (foreign.has(owner) && !modelled.has(owner));
  const own = new Map([...migrated].filter(([owner]) => !left(owner)));
  return [
    ...onlyIn(own, modelled).map((line) => `only in the migrations: ${line}`),
    ...onlyIn(modelled, own).map((line) => `only in schema.prisma: ${line}`),
  ];
}

async function catalogueAfter(make: Migrate): Promise<Catalogue> {
  await using database = await freshDatabase('empty', async () => undefined);
  await make(database.config);
  return await catalogueOf(database.config); // before the database is dropped
}

const onlyIn = (one: Catalogue, other: Catalogue): string[] =>
  [...one].flatMap(([owner, lines]) =>
    lines
      .filter((line) => !(other.get(owner) ?? []).includes(line))
      .map((line) => `${owner}: ${line}`),
  );
