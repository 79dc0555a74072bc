import { readStoreConfig } from '@hutong/config';
import { RawDatabase } from '@hutong/database';
import { createLogger } from '@hutong/telemetry';
import { messagingMigrations } from '../migrations.js';
import { readRewindArguments, runRewind } from './rewind-command.js';
import type { Recall } from './rewind.js';

/**
 * The command of routing as a process of its own: `namespace [options]`, and the environment of a service.
 * Its recall keeps, in the table `recalled`, which events were heard.
 */
const [namespace = '', ...args] = process.argv.slice(2);
const logger = createLogger({ service: 'routing', level: 'silent' });

const keepHeard: Recall = async ({ heard }) => {
  await using db = RawDatabase.connect(readStoreConfig(process.env), { logger });
  const ids = heard.map(({ eventId }) => eventId);
  await db.query(
    'insert into recalled (event_id) select * from unnest($1::uuid[]) on conflict do nothing',
    [ids],
  );
  return [`${ids.length} recalled`];
};

const asked = readRewindArguments(args);
if (!asked.ok) throw new Error(asked.refusal);
await runRewind(
  asked.value,
  {
    service: 'routing',
    migrations: [messagingMigrations],
    env: process.env,
    print: (line) => void process.stdout.write(`${line}\n`),
    kafka: { namespace, timing: { heartbeatMs: 500, sessionMs: 6_000, maxWaitMs: 100 } },
  },
  keepHeard,
);
