export { Database, type PrismaClientLike, type TransactionClient } from './database.js';
export { DatabaseAway, isDatabaseAway } from './database-away.js';
export { MigrationRefused, migrate, pendingMigrations } from './migrate.js';
export type { MigrationSource } from './migration-files.js';
export { RawDatabase } from './raw-database.js';
export type { Sql, Transaction, TransactionRunner } from './sql.js';
export { Wakeups } from './wakeups.js';
export { sqlStateOf, UNIQUE_VIOLATION } from './sql-state.js';
export { untilMigrated } from './until-migrated.js';
