import { readBrokerConfig, readStoreConfig, systemClock } from '@hutong/config';
import { pendingMigrations, RawDatabase, type MigrationSource } from '@hutong/database';
import type { Service } from '@hutong/domain-events';
import { createLogger } from '@hutong/telemetry';
import type { KafkaSettings } from '../kafka-settings.js';
import { endsWell } from './ends-well.js';
import { listingLines } from './listing-lines.js';
import { Redrive } from './redrive.js';
import { REDRIVE_USAGE, type RedriveAsked } from './redrive-arguments.js';

/** Where a command of a service finds what it works on, and where its answer goes. */
export type CommandSurroundings = Readonly<{
  service: Service;
  /** All of the service's database, in order. */
  migrations: readonly MigrationSource[];
  env: NodeJS.ProcessEnv;
  print: (line: string) => void;
  /** What goes before every topic and group: several rings on one broker, in specs. */
  kafka?: Pick<KafkaSettings, 'namespace' | 'timing'>;
}>;

/**
 * Lists what the service's group has set aside, or puts it back.
 * @returns whether it ended well: see `endsWell`.
 * @throws Error naming bad variables, missing migrations, or another redrive that runs.
 */
export async function runRedrive(
  { help, chosen, applying }: RedriveAsked,
  { service, migrations, env, print, kafka }: CommandSurroundings,
): Promise<boolean> {
  if (help) {
    print(`usage: node dist/main.js ${REDRIVE_USAGE}`);
    return true;
  }
  const [store, broker] = [readStoreConfig(env), readBrokerConfig(env)];
  if ((await pendingMigrations(store, migrations)).length > 0) {
    throw new Error('the database lacks migrations: run migrate first');
  }
  const logger = createLogger({ service, level: 'error' });
  await using db = RawDatabase.connect(store, { logger });
  const redrive = new Redrive({
    service,
    settings: { ...kafka, ...broker },
    pool: db.pool,
    clock: systemClock,
    report: print,
  });
  const listing = applying ? await redrive.apply(chosen, applying) : await redrive.list(chosen);
  const isDry = applying === undefined;
  for (const line of listingLines(listing, { isDry })) print(line);
  return endsWell(listing, { isDry });
}
