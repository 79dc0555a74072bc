import { answerTo, readOptions, UsageError, type Answer } from '../command-line.js';
import type { Pace } from './load/load.js';

/** What there is to be measured, and what it measures. */
const BENCHES = {
  hops: 'one hop from service to service: outbox, relay, Kafka, strategy, inbox, against bare kafkajs',
  ring: 'payments all the way round: latencies, payments a second, processor time of each process',
  isolation: 'what two providers feel of the third when it answers in half a minute',
  scale: 'one gateway at one, two and three instances, while payments go round',
} as const;
export type BenchName = keyof typeof BENCHES;
const ALL = 'all';

/** `names` is empty where only help is wanted. */
export type BenchOptions = Readonly<{
  /** One after the other. */
  names: readonly BenchName[];
  json: string | undefined;
  runs: number;
  help: boolean;
  /** As short as it can be and still run everything. */
  quick: boolean;
  /** Of the long run, where a number is said. */
  payments: number | undefined;
  /** One load and nothing else, where it is wanted; with `payments` so many, else for as long as it lasts. */
  pace: Pace | undefined;
  lasts: Readonly<{ warmSeconds: number; seconds: number }>;
  cpuProf: string | undefined;
}>;

const USAGE = `npm run bench -- NAME [options]

${Object.entries(BENCHES)
  .map(([name, about]) => `  ${name.padEnd(11)}  ${about}`)
  .join('\n')}

  ${ALL.padEnd(11)}  all of them, one after the other

  --json FILE  write the figures
  --runs N     how often everything is measured, in turns; 5 where nothing is said
  --quick      everything once and as short as can be: the figures mean nothing
  --help       this text

of ring:
  --payments N      of the long run, whose halves' memory is compared; 2000 where nothing is said

of ring, to drive one load and nothing else:
  --rate N          payments begun a second, come what may
  --concurrency N   or so many at a time, each anew
  --seconds S       measured for so long; 20 where nothing is said
  --warm W          after so long; 15 where nothing is said
  --payments N      instead of both: the long run alone, and memory before and after
  --cpu-prof FOLDER each service leaves a CPU profile there`;

/** None where it names none. */
const namesIn = (word: string): readonly BenchName[] =>
  (Object.keys(BENCHES) as BenchName[]).filter((name) => [name, ALL].includes(word));

/** @throws UsageError naming an option or a bench that is not known. */
export function benchOptions(args: readonly string[]): BenchOptions {
  const [first = ''] = args;
  const names = namesIn(first);
  const options = readOptions('bench', names.length === 0 ? args : args.slice(1), {
    json: { type: 'string' },
    runs: { type: 'string' },
    quick: { type: 'boolean', default: false },
    payments: { type: 'string' },
    rate: { type: 'string' },
    concurrency: { type: 'string' },
    seconds: { type: 'string', default: '20' },
    warm: { type: 'string', default: '15' },
    'cpu-prof': { type: 'string' },
    help: { type: 'boolean', default: false },
  });
  if (!options.help && names.length === 0) {
    throw new UsageError(`which bench? There is: ${[...Object.keys(BENCHES), ALL].join(', ')}`);
  }
  const { json, help, quick, payments, warm, seconds } = options;
  return {
    names,
    json,
    runs: numberIn('runs', options.runs ?? (quick ? '1' : '5'), { to: 999 }),
    help,
    quick,
    payments:
      payments === undefined ? undefined : numberIn('payments', payments, { to: 1_000_000 }),
    pace: paceOf(options),
    lasts: {
      warmSeconds: numberIn('warm', warm, { from: 0 }),
      seconds: numberIn('seconds', seconds),
    },
    cpuProf: options['cpu-prof'],
  };
}

type PaceWords = Readonly<{ rate?: string | undefined; concurrency?: string | undefined }>;

function paceOf({ rate, concurrency }: PaceWords): Pace | undefined {
  if (rate === undefined) {
    return concurrency === undefined
      ? undefined
      : { concurrency: numberIn('concurrency', concurrency) };
  }
  if (concurrency !== undefined) throw new UsageError('either --rate or --concurrency');
  return { rate: numberIn('rate', rate) };
}

/** @throws UsageError */
function numberIn(option: string, text: string, { from = 1, to = 100_000 } = {}): number {
  const number = /^\d{1,7}$/.test(text) ? Number(text) : NaN;
  if (number >= from && number <= to) return number;
  throw new UsageError(`--${option} takes a number from ${from} to ${to}`);
}

/** Help, or what is wrong with the options; nothing if the command can be run with them. */
export const answerAtOnce = (args: readonly string[]): Answer | undefined =>
  answerTo(USAGE, () => benchOptions(args));
