import { randomBytes, randomUUID } from 'node:crypto';
import { CHECKOUT_PAYMENTS, LOCAL_PARTITIONS } from '@hutong/domain-events';
import { BareClient, ensureTopics, messagingMigrations } from '@hutong/messaging';
import { createLogger } from '@hutong/telemetry';
import { aCloseRequested, aPaymentId, type BackEnd } from '@hutong/testing';
import { benchDatabase } from '../bench-database.js';
import { atMost, median, quantile, reported, type BenchReport } from '../figures.js';
import { interleave, type Side, type Turns } from '../interleave.js';
import { startConsumer, startTeller } from './hop-service.js';
import { idleCpu, type IdleTimes } from './idle-cpu.js';
import { Stopwatches } from './stopwatches.js';

type Sizes = Readonly<{ hopsARun: number; idleRuns: number; idle: IdleTimes }>;
const FULL: Sizes = { hopsARun: 150, idleRuns: 3, idle: { settleMs: 4_000, measureMs: 10_000 } };
const QUICK: Sizes = { hopsARun: 10, idleRuns: 1, idle: { settleMs: 500, measureMs: 1_000 } };
/** Of an event of ours with its envelope and headers. */
const VALUE_BYTES = 512;
const IDLE_LIMIT_PERCENT = 2;

/** One message at a time, from before it is stored (bare: sent) until it is remembered (bare: heard). */
export async function hops(
  { brokers, adminUrl }: BackEnd,
  { runs, quick }: Readonly<{ runs: number; quick: boolean }>,
  note: (line: string) => void,
): Promise<Pick<BenchReport, 'runs' | 'results'>> {
  const { hopsARun, idleRuns, idle: times } = quick ? QUICK : FULL;
  await using database = await benchDatabase(adminUrl, [messagingMigrations]);
  const kafka = { brokers, namespace: `bench-${randomBytes(5).toString('hex')}` };
  await ensureTopics({
    ...kafka,
    partitions: LOCAL_PARTITIONS,
    names: [CHECKOUT_PAYMENTS, 'bare'],
  });
  const measured = await inTurns(kafka, database, { runs, warmUp: !quick, hopsARun }, note);
  const at = (side: 'bare' | 'ours', share: number): number =>
    median((measured.get(side) ?? []).map((run) => quantile(run, share)));
  const idle: number[] = [];
  for (let run = 1; run <= idleRuns; run += 1) {
    idle.push(await idleCpu(kafka, database.url, times));
    note(`idle consumer ${run} of ${idleRuns}`);
  }
  const results = [
    reported('bare kafkajs, p50', at('bare', 0.5), 'ms'),
    reported('bare kafkajs, p95', at('bare', 0.95), 'ms'),
    reported('one hop, p50', at('ours', 0.5), 'ms'),
    reported('one hop, p95', at('ours', 0.95), 'ms'),
    reported('one hop / bare, p50', at('ours', 0.5) / at('bare', 0.5), 'times'),
    reported('one hop / bare, p95', at('ours', 0.95) / at('bare', 0.95), 'times'),
    atMost(IDLE_LIMIT_PERCENT, 'idle consumer', median(idle), '% of a core'),
  ];
  return { runs, results };
}

async function inTurns(
  kafka: { brokers: readonly string[]; namespace: string },
  database: Awaited<ReturnType<typeof benchDatabase>>,
  { hopsARun, ...turns }: Turns & Readonly<{ hopsARun: number }>,
  note: (line: string) => void,
): Promise<ReadonlyMap<'bare' | 'ours', readonly number[][]>> {
  const watches = new Stopwatches();
  const logger = createLogger({ service: 'bench', level: 'error' });
  const o = { topic: 'bare', group: 'bare', logger, heard: watches.stop };
  await using bare = await BareClient.connect(kafka, o);
  await using stack = new AsyncDisposableStack();
  stack.use(await startConsumer(kafka, database.config, watches.stop));
  await using teller = startTeller(kafka, database.config);
  const value = randomBytes(VALUE_BYTES);
  const side = <Name extends string, Id extends string>(
    name: Name,
    id: () => Id,
    send: (id: Id) => Promise<void>,
  ): Side<Name> => ({ name, measure: () => watches.each(hopsARun, id, send) });
  return await interleave(
    [
      side('bare', randomUUID, (id) => bare.send('bare', id, value)),
      side('ours', aPaymentId, (paymentId) =>
        teller.announce({ topic: CHECKOUT_PAYMENTS, event: aCloseRequested({ paymentId }) }),
      ),
    ],
    turns,
    note,
  );
}
