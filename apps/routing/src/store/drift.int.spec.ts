import { expect, it } from '@jest/globals';
import { migrate } from '@hutong/database';
import { messagingMigrations } from '@hutong/messaging';
import { createLogger } from '@hutong/telemetry';
import { driftOf } from '@hutong/testing';
import { migrations } from './database.repository.js';

const logger = createLogger({ service: 'routing', level: 'silent' });

it('has models that say what its migrations make', async () => {
  const drift = await driftOf({
    schema: new URL('../../prisma/schema.prisma', import.meta.url),
    migrate: (database) => migrate(database, migrations, { logger }),
    libraries: (database) => migrate(database, [messagingMigrations], { logger }),
  });
  expect(drift).toEqual([]);
});
