import { answerTo, readOptions, UsageError, type Answer } from '../command-line.js';

/** What `npm run faults` was asked to do. */
export type FaultOptions = Readonly<{
  /** On one ring; each begins when the last payment of the one before has begun. */
  seeds: readonly number[];
  payments: number;
  minutes: number;
  instances: number;
  /** So many seeds overlap and are judged together; of 1 each is at rest before the next begins. */
  together: number;
  json: string | undefined;
  /** What earlier runs wrote: a table of it is printed, and nothing is run. */
  table: string | undefined;
  help: boolean;
}>;

export const USAGE = `npm run faults [-- options]

Starts PostgreSQL, Kafka, the provider sandbox and every service as its own process. Then, as the
seed decides: people buy with all three providers, pay, pay twice, too much, too late or not at all,
close and give back; the sandbox loses answers and calls, is slow, answers 5xx, doubles, delays and
forges what it tells, takes wrong amounts and takes money after closing; services are killed -9 and
frozen, their offsets set back, the broker is frozen and killed, database connections are cut. When
everybody is done it waits until nothing is open any more, and compares, payment by payment and to
the fen, what checkout, the gateways, the ledger and the sandbox's own books have.

  --seed N       which plan; 1 where nothing is said
  --seeds A..B   several on one ring, one by one or --together; also a list, 3,7,12
  --payments M   of each seed; 200 where nothing is said
  --minutes T    in which they begin and everything strikes; 2 where nothing is said
  --instances N  processes of each service, 1 to 3; 1 where nothing is said
  --together N   lets N seeds overlap: one begins when the last payment of the one before has begun,
                 and all are judged when the last is at rest, which takes less time; 1 if not said
  --json FILE    appends a line of JSON for each seed
  --table FILE   runs nothing: prints a table of what --json has written
  --help         this text

Exits with 1 if anything differs, is stuck or was parked, and prints that payment's whole
timeline. Ctrl-C stops everything.`;

/** @throws UsageError naming what is not known or makes no sense. */
export function faultOptions(args: readonly string[]): FaultOptions {
  const o = readOptions('faults', args, {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    payments: { type: 'string', default: '200' },
    minutes: { type: 'string', default: '2' },
    instances: { type: 'string', default: '1' },
    together: { type: 'string', default: '1' },
    json: { type: 'string' },
    table: { type: 'string' },
    help: { type: 'boolean', default: false },
  });
  if (o.seed !== undefined && o.seeds !== undefined) {
    throw new UsageError('--seed is one, --seeds are several: say one of the two');
  }
  return {
    seeds: o.seeds === undefined ? [whole('--seed', o.seed ?? '1', 0)] : seedsIn(o.seeds),
    payments: whole('--payments', o.payments, 1, 100_000),
    minutes: minutesIn(o.minutes),
    instances: whole('--instances', o.instances, 1, 3),
    together: whole('--together', o.together, 1, 100),
    json: o.json,
    table: o.table,
    help: o.help,
  };
}

const LARGEST_SEED = 0xffff_ffff;

function whole(name: string, text: string, least: number, most = LARGEST_SEED): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`${name} is a whole number from ${least} to ${most}, not ${text}`);
}

function minutesIn(text: string): number {
  const minutes = Number(text);
  if (minutes >= 0.1 && minutes <= 600) return minutes;
  throw new UsageError(`--minutes is from 0.1 to 600, not ${text}`);
}

function seedsIn(text: string): readonly number[] {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  if (from === undefined || to === undefined) {
    return text.split(',').map((one) => whole('--seeds', one, 0));
  }
  const [first, last] = [whole('--seeds', from, 0), whole('--seeds', to, 0)];
  if (last < first) throw new UsageError(`--seeds ${text} has none`);
  return Array.from({ length: last - first + 1 }, (_, n) => first + n);
}

/** Help, or what is wrong with the options; nothing if the command can be run with them. */
export const answerAtOnce = (args: readonly string[]): Answer | undefined =>
  answerTo(USAGE, () => faultOptions(args));
