import { setTimeout as pause } from 'node:timers/promises';
import type { DatabaseConfig } from '@hutong/config';
import type { Logger } from '@hutong/telemetry';
import { pendingMigrations } from './migrate.js';
import type { MigrationSource } from './migration-files.js';

const LOOK_EVERY_MS = 500;

/**
 * Another process migrates; a service that came first waits for it, for as long as it takes.
 * @throws MigrationRefused as `migrate` does: what cannot be continued is not waited for.
 */
export async function untilMigrated(
  config: DatabaseConfig,
  sources: readonly MigrationSource[],
  { logger }: Readonly<{ logger: Logger }>,
): Promise<void> {
  for (let said = false; ; said = true) {
    const pending = await pendingMigrations(config, sources);
    if (pending.length === 0) return;
    if (!said) logger.warn('waiting for migrations', { count: pending.length });
    await pause(LOOK_EVERY_MS);
  }
}
