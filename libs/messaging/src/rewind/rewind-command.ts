import { parseArgs } from 'node:util';
import { readBrokerConfig, readStoreConfig, systemClock } from '@hutong/config';
import { pendingMigrations, RawDatabase } from '@hutong/database';
import { ok, refuse, type Result } from '@hutong/result';
import { createLogger } from '@hutong/telemetry';
import type { Step } from '../group-offsets.js';
import { instant, wholeNumber } from '../redrive/redrive-arguments.js';
import type { CommandSurroundings } from '../redrive/redrive-command.js';
import { Rewind, type Recall, type RewindTo } from './rewind.js';

export const REWIND_USAGE = `rewind --to TIME [--margin SECONDS] [--apply --by NAME]
     after this service's database was restored: its group hears again what came behind that moment, and
     what the service told in the lost time is recalled; needs its whole environment, and that none of
     its instances runs; docs/operations.md has the procedure
     --to      the moment to which the database was put back: an RFC 3339 time
     --margin  seconds that it goes further back (86400), which is to be more than the group lagged then:
               what was heard before counts once all the same
     --apply   does it; without it nothing is changed
     --by      who orders it: kept in the table rewinds`;

export type RewindAsked = Readonly<{ help: boolean; order: RewindTo; by: string | undefined }>;

/** @returns what is wrong with the arguments, in a line for the person who typed them. */
export function readRewindArguments(args: readonly string[]): Result<RewindAsked, string> {
  const given = valuesOf(args);
  if (given === undefined) return refuse(`usage: ${REWIND_USAGE}`);
  const { help = false, apply = false, by, margin = '86400' } = given;
  const to = given.to === undefined ? undefined : instant(given.to);
  const marginS = wholeNumber(margin, 86_400);
  if (to === undefined && !help) {
    return refuse('rewind needs --to TIME, an RFC 3339 time like 2027-01-31T00:00:00Z');
  }
  if (marginS === undefined) return refuse('--margin is a whole number of seconds up to 86400');
  if (apply !== (by !== undefined)) return refuse('--apply and --by NAME go together');
  if (by !== undefined && !/^[\w .@-]{1,64}$/.test(by)) {
    return refuse('--by is 1 to 64 letters, digits, blanks, . @ - or _');
  }
  return ok({ help, order: { to: to ?? new Date(0), marginMs: marginS * 1_000 }, by });
}

/**
 * Says where the group would go back, or makes it.
 * @param recall of the service: what it takes up from its own words.
 * @throws Error naming bad variables, missing migrations, members that live, or a log that is too short.
 */
export async function runRewind(
  { help, order, by }: RewindAsked,
  { service, migrations, env, print, kafka }: CommandSurroundings,
  recall: Recall,
): Promise<void> {
  if (help) return print(`usage: node dist/main.js ${REWIND_USAGE}`);
  const [store, broker] = [readStoreConfig(env), readBrokerConfig(env)];
  if ((await pendingMigrations(store, migrations)).length > 0) {
    throw new Error('the database lacks migrations: run migrate first');
  }
  const logger = createLogger({ service, level: 'error' });
  await using db = RawDatabase.connect(store, { logger });
  const settings = { ...kafka, ...broker };
  const parts = { service, settings, pool: db.pool, clock: systemClock, recall, report: print };
  const rewind = new Rewind(parts);
  const steps = await (by === undefined ? rewind.plan(order) : rewind.apply(order, by));
  for (const line of steps.map(lineOf)) print(line);
  const again = steps.reduce((sum, { committed, to }) => sum + committed - to, 0n);
  print(
    by === undefined
      ? `dry run: nothing was changed; ${again} records would be heard again`
      : `${again} records will be heard again: start ${service}`,
  );
}

const lineOf = ({ topic, partition, committed, to }: Step): string =>
  `${topic} partition ${partition}: back from ${committed} to ${to}`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

function valuesOf(args: readonly string[]) {
  const options = { to: text, margin: text, apply: flag, by: text, help: flag };
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch {
    return undefined;
  }
}
