import type { DatabaseConfig } from '@hutong/config';
import { RawDatabase, type MigrationSource } from '@hutong/database';
import { messagingMigrations } from '@hutong/messaging';
import type { Logger } from '@hutong/telemetry';

/** In the order in which they run: the library's tables, then the ledger's own. */
export const migrations: readonly MigrationSource[] = [
  messagingMigrations,
  { name: 'ledger', folder: new URL('../../prisma/migrations/', import.meta.url) },
];

export const openDatabase = (config: DatabaseConfig, logger: Logger): RawDatabase =>
  RawDatabase.connect(config, { logger });
