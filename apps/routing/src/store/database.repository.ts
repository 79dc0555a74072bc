import type { DatabaseConfig } from '@hutong/config';
import { Database, type MigrationSource, type Transaction } from '@hutong/database';
import { messagingMigrations } from '@hutong/messaging';
import type { Logger } from '@hutong/telemetry';
import { PrismaClient, type Prisma } from '../generated/prisma/client.js';

export type RoutingDatabase = Database<PrismaClient, Prisma.TransactionClient>;
export type RoutingTransaction = Transaction<Prisma.TransactionClient>;

/** In the order in which they run: the library's tables, then routing's own. */
export const migrations: readonly MigrationSource[] = [
  messagingMigrations,
  { name: 'routing', folder: new URL('../../prisma/migrations/', import.meta.url) },
];

export const openDatabase = (config: DatabaseConfig, logger: Logger): RoutingDatabase =>
  Database.connect<Prisma.TransactionClient, PrismaClient>(
    config,
    (adapter) => new PrismaClient({ adapter }),
    { logger },
  );
