import { setTimeout as pause } from 'node:timers/promises';
import { Payer, SandboxControl } from '@hutong/world';
import type { Cast } from './cast.js';
import { Counts } from './counts.js';
import { Injuries } from './injuries.js';
import type { Failed } from './judge.js';
import { livePayment, type Lived } from './live-payment.js';
import { planOf, type Asked, type Plan } from './plan/plan.js';
import type { PlannedPayment } from './plan/planned-payment.js';
import type { Stage } from './run-seeds.js';
import { Shop } from './shop.js';
import { strike, type Machines } from './strike.js';

/** A seed whose every payment has begun and whose every blow has fallen. */
export type Begun = Readonly<{
  asked: Asked;
  startedAt: Date;
  injuries: Injuries;
  counts: Counts;
  /** What befell the machines. */
  blows: Counts;
  startedAgain: readonly string[];
  /** Once everybody is done. */
  done: Promise<Done>;
}>;

/** What its people went through, and what a shop was answered that it should not have been. */
export type Done = Readonly<{
  lives: readonly Lived[];
  failed: readonly Failed[];
  seconds: number;
}>;

const SAY_EVERY_MS = 10_000;

/** Lets a seed's payments begin and its blows fall, each at its time. People go on beyond that. */
export async function runSeed(stage: Stage, asked: Asked): Promise<Begun> {
  const { ring, broker, signal, diary, scraper, supervisor } = stage;
  const plan = planOf(asked);
  const [counts, blows] = [new Counts(), new Counts()];
  const sandbox = new SandboxControl(ring.sandbox);
  const injuries = new Injuries(sandbox);
  const addresses = () => ring.addressesOf('checkout');
  const shop = new Shop({ addresses, apiKey: ring.apiKey, counts, signal });
  const payer = new Payer(ring.sandbox);
  const cast: Cast = { shop, payer, sandbox, counts, injuries, diary, signal };
  const machines: Machines = { ring, broker, sandbox, scraper, diary, counts: blows, signal };

  const startedAt = new Date();
  await injuries.begin(plan.seed);
  const { begun, done } = live(stage, plan, cast);
  await Promise.all([begun, strikeAll(plan, machines, startedAt)]);
  await injuries.calm();
  const startedAgain = supervisor.startedAgain.splice(0);
  return { asked, startedAt, injuries, counts, blows, startedAgain, done };
}

async function strikeAll({ blows }: Plan, machines: Machines, start: Date): Promise<void> {
  for (const blow of blows) {
    await until(start, blow.atMs, machines.signal);
    await strike(machines, blow);
  }
}

/** Everybody lives: `begun` once the last has begun, `done` once all have gone through. */
function live(
  { note, signal }: Stage,
  plan: Plan,
  cast: Cast,
): Readonly<{ begun: Promise<unknown>; done: Promise<Done> }> {
  const start = new Date();
  const lives: Lived[] = [];
  const failed: Failed[] = [];
  let count = 0;
  const say = setInterval(() => {
    const all = plan.payments.length;
    note(`seed ${plan.seed}: ${count} of ${all} begun, ${lives.length} lived through`);
  }, SAY_EVERY_MS);
  const begin = async (payment: PlannedPayment) => {
    await until(start, payment.atMs, signal);
    count += 1;
  };
  const goThrough = async (payment: PlannedPayment, begun: Promise<void>) => {
    await begun;
    try {
      const life = await livePayment(cast, payment, plan.seed);
      if (life !== undefined) lives.push(life);
    } catch (fault) {
      signal.throwIfAborted();
      const order = `s${plan.seed}-${payment.index}`;
      failed.push({ order, line: `order ${order}: ${messageOf(fault)}` });
    }
  };
  const begun = plan.payments.map(begin);
  const done = Promise.all(
    plan.payments.map((payment, n) => goThrough(payment, begun[n] ?? Promise.resolve())),
  )
    .then(() => ({ lives, failed, seconds: secondsSince(start) }))
    .finally(() => clearInterval(say));
  done.catch(() => undefined); // waited for later
  return { begun: Promise.all(begun), done };
}

const until = (start: Date, atMs: number, signal: AbortSignal): Promise<void> =>
  pause(Math.max(0, start.getTime() + atMs - Date.now()), undefined, { signal });

export const secondsSince = (start: Date): number =>
  Math.round((Date.now() - start.getTime()) / 1_000);

const messageOf = (fault: unknown): string =>
  fault instanceof Error ? fault.message : String(fault);
