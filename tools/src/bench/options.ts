import { answerTo, readOptions, UsageError, type Answer } from '../command-line.js';

/** What there is to be measured, and what it measures. */
const BENCHES = {
  hops: 'one hop from service to service: outbox, relay, Kafka, strategy, inbox, against bare kafkajs',
} as const;
export type BenchName = keyof typeof BENCHES;

/** `name` is undefined where only help is wanted. */
export type BenchOptions = Readonly<{
  name: BenchName | undefined;
  json: string | undefined;
  runs: number;
  help: boolean;
}>;

const USAGE = `npm run bench -- NAME [options]

${Object.entries(BENCHES)
  .map(([name, about]) => `  ${name.padEnd(11)}  ${about}`)
  .join('\n')}

  --json FILE  write the figures
  --runs N     how often everything is measured, in turns; 7 where nothing is said
  --help       this text`;

const isBench = (text: string): text is BenchName => Object.hasOwn(BENCHES, text);

/** @throws UsageError naming an option or a bench that is not known. */
export function benchOptions(args: readonly string[]): BenchOptions {
  const [first = ''] = args;
  const name = isBench(first) ? first : undefined;
  const { json, runs, help } = readOptions('bench', name === undefined ? args : args.slice(1), {
    json: { type: 'string' },
    runs: { type: 'string', default: '7' },
    help: { type: 'boolean', default: false },
  });
  if (!help && name === undefined) {
    throw new UsageError(`which bench? There is: ${Object.keys(BENCHES).join(', ')}`);
  }
  if (!/^[1-9]\d{0,2}$/.test(runs)) throw new UsageError('--runs takes a number from 1 to 999');
  return { name, json, runs: Number(runs), help };
}

/** Help, or what is wrong with the options; nothing if the command can be run with them. */
export const answerAtOnce = (args: readonly string[]): Answer | undefined =>
  answerTo(USAGE, () => benchOptions(args));
