import { answerTo, readOptions, UsageError, type Answer } from '../command-line.js';
import type { Load } from './load/load.js';

/** What there is to be measured, and what it measures. */
const BENCHES = {
  hops: 'one hop from service to service: outbox, relay, Kafka, strategy, inbox, against bare kafkajs',
  ring: 'payments all the way round: latencies, payments a second, processor time of each process',
} as const;
export type BenchName = keyof typeof BENCHES;

/** `name` is undefined where only help is wanted. */
export type BenchOptions = Readonly<{
  name: BenchName | undefined;
  json: string | undefined;
  runs: number;
  help: boolean;
  load: Load;
  cpuProf: string | undefined;
}>;

const USAGE = `npm run bench -- NAME [options]

${Object.entries(BENCHES)
  .map(([name, about]) => `  ${name.padEnd(11)}  ${about}`)
  .join('\n')}

  --json FILE  write the figures
  --runs N     how often everything is measured, in turns; 7 where nothing is said
  --help       this text

of ring, to drive one load and nothing else:
  --rate N          payments begun a second, come what may
  --concurrency N   or so many at a time, each anew
  --seconds S       measured for so long; 20 where nothing is said
  --warm W          after so long; 15 where nothing is said
  --cpu-prof FOLDER each service leaves a CPU profile there`;

const isBench = (text: string): text is BenchName => Object.hasOwn(BENCHES, text);

/** @throws UsageError naming an option or a bench that is not known. */
export function benchOptions(args: readonly string[]): BenchOptions {
  const [first = ''] = args;
  const name = isBench(first) ? first : undefined;
  const options = readOptions('bench', name === undefined ? args : args.slice(1), {
    json: { type: 'string' },
    runs: { type: 'string', default: '7' },
    rate: { type: 'string' },
    concurrency: { type: 'string' },
    seconds: { type: 'string', default: '20' },
    warm: { type: 'string', default: '15' },
    'cpu-prof': { type: 'string' },
    help: { type: 'boolean', default: false },
  });
  if (!options.help && name === undefined) {
    throw new UsageError(`which bench? There is: ${Object.keys(BENCHES).join(', ')}`);
  }
  const { json, help, rate, concurrency } = options;
  const lasts = {
    warmSeconds: numberIn('warm', options.warm, { from: 0 }),
    seconds: numberIn('seconds', options.seconds),
  };
  return {
    name,
    json,
    runs: numberIn('runs', options.runs, { to: 999 }),
    help,
    load:
      rate === undefined
        ? { concurrency: numberIn('concurrency', concurrency ?? '8'), ...lasts }
        : { rate: numberIn('rate', rate), ...lasts },
    cpuProf: options['cpu-prof'],
  };
}

/** @throws UsageError */
function numberIn(option: string, text: string, { from = 1, to = 100_000 } = {}): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  if (number >= from && number <= to) return number;
  throw new UsageError(`--${option} takes a number from ${from} to ${to}`);
}

/** Help, or what is wrong with the options; nothing if the command can be run with them. */
export const answerAtOnce = (args: readonly string[]): Answer | undefined =>
  answerTo(USAGE, () => benchOptions(args));
