import type { MigrationSource } from '@hutong/database';

/** Attempts, notifications and quarantine: runs after messaging's migrations. */
export const gatewayMigrations: MigrationSource = {
  name: 'gateway',
  folder: new URL('../migrations/', import.meta.url),
};
