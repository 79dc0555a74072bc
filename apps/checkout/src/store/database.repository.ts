import type { DatabaseConfig } from '@hutong/config';
import { Database, type MigrationSource, type Transaction } from '@hutong/database';
import { messagingMigrations } from '@hutong/messaging';
import type { Logger } from '@hutong/telemetry';
import { PrismaClient, type Prisma } from '../generated/prisma/client.js';

export type CheckoutDatabase = Database<PrismaClient, Prisma.TransactionClient>;
/** Plain SQL: Prisma's models are for reads outside of transactions. */
export type CheckoutTransaction = Transaction;

/** In the order in which they run: the library's tables, then checkout's own. */
export const migrations: readonly MigrationSource[] = [
  messagingMigrations,
  { name: 'checkout', folder: new URL('../../prisma/migrations/', import.meta.url) },
];

export const openDatabase = (config: DatabaseConfig, logger: Logger): CheckoutDatabase =>
  Database.connect<Prisma.TransactionClient, PrismaClient>(
    config,
    (adapter) => new PrismaClient({ adapter }),
    { logger },
  );
