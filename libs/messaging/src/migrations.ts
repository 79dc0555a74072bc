import type { MigrationSource } from '@hutong/database';

/** Inbox, outbox and parking: runs before a service's own migrations. */
export const messagingMigrations: MigrationSource = {
  name: 'messaging',
  folder: new URL('../migrations/', import.meta.url),
};
