import { setTimeout as pause } from 'node:timers/promises';
import { gatewayService, type Provider } from '@hutong/domain-events';
import { eventually, type BackEnd } from '@hutong/testing';
import { SandboxControl, type Ring } from '@hutong/world';
import type { BenchReport } from '../figures.js';
import { interleave } from '../interleave.js';
import { benchRing } from '../load/bench-ring.js';
import { Traveller } from '../load/journey.js';
import { Balancer } from './balancer.js';
import { Quota } from './quota.js';
import { COUNTS, scaleResults, type Count, type ScaleRun } from './scale-results.js';
import { startTraffic, type TrafficSize } from './traffic.js';

const SCALED: Provider = 'wechat';
const SERVICE = gatewayService[SCALED];
const MOST = Math.max(...COUNTS.map(Number));
const LATENCY_MS = 300;
export type ScaleBench = Readonly<{ runs: number; quick: boolean }>;
type Sizes = TrafficSize &
  Readonly<{
    settleMs: number;
    measureMs: number;
    /** Of a core, for each instance: what limits one of them is then not the machine. */
    share: number;
  }>;
const FULL: Sizes = {
  ...{ settleMs: 10_000, measureMs: 20_000, atOnce: 40, othersEveryMs: 250 },
  share: 0.1,
};
const QUICK: Sizes = {
  ...{ settleMs: 500, measureMs: 2_500, atOnce: 3, othersEveryMs: 500 },
  share: 0.6,
};

/** One gateway at one, two and three instances, while payments of all providers go round. */
export async function scale(
  backEnd: BackEnd,
  { runs, quick }: ScaleBench,
  note: (line: string) => void,
): Promise<Pick<BenchReport, 'runs' | 'results'>> {
  const times = quick ? QUICK : FULL;
  await using balancer = await Balancer.listen();
  await using ring = await benchRing(backEnd, {
    instances: { [SERVICE]: MOST },
    notified: { [SCALED]: balancer.url },
    note,
  });
  await using traveller = new Traveller(ring);
  await new SandboxControl(ring.sandbox).at(SCALED).arm({
    ...{ call: 'create', fault: 'delay', delayMs: LATENCY_MS, times: 1_000_000 },
  });
  using quota = new Quota(times.share);
  balancer.to(ring.addressesOf(SERVICE));
  await using traffic = startTraffic(traveller, SCALED, times, note);
  let running: number = MOST;
  const phase = async (name: Count): Promise<ScaleRun> => {
    const count = Number(name);
    const before = running;
    running = count;
    const changedAt = performance.now();
    await change(ring, count, { balancer, quota });
    await pause(times.settleMs);
    const settledAt = performance.now();
    await pause(times.measureMs);
    // On a busy machine a short stretch may see nobody: it then lasts until somebody was seen.
    const seen = (): boolean => traffic.others.between(settledAt, Infinity).length > 0;
    await eventually(seen, { withinMs: 120_000, what: 'a payment of the others' });
    const endedAt = performance.now();
    const { scaled, others } = traffic;
    return {
      perSecond: scaled.between(settledAt, endedAt).length / ((endedAt - settledAt) / 1_000),
      othersMs: others.between(settledAt, endedAt).map(({ wholeMs }) => wholeMs),
      change: count - before,
      standstillMs: scaled.longestGap(changedAt, settledAt),
      othersStandstillMs: others.longestGap(changedAt, settledAt),
    };
  };
  const sides = COUNTS.map((name) => ({ name, measure: () => phase(name) }));
  const measured = await interleave<Count, ScaleRun>(sides, { runs, warmUp: !quick }, note);
  return { runs, results: scaleResults(measured) };
}

/** What stops is told nothing more, and what starts is told only once it is ready. */
async function change(
  ring: Ring,
  count: number,
  { balancer, quota }: Readonly<{ balancer: Balancer; quota: Quota }>,
): Promise<void> {
  const [addresses, before] = [ring.addressesOf(SERVICE), ring.instancesOf(SERVICE)];
  const stay = before.slice(0, count).filter(({ exited }) => !exited);
  balancer.to(addresses.slice(0, stay.length));
  quota.hold(stay);
  await ring.scale(SERVICE, count);
  quota.hold(ring.instancesOf(SERVICE).slice(0, count));
  balancer.to(addresses.slice(0, count));
}
