import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { definitions } from '@hutong/domain-events';
import { RING_SERVICES, type RingService } from '@hutong/world';
import { effectsIn } from './effects.examples.js';
import {
  agreed,
  dealtWithBy,
  heardBy,
  startFaultWorld,
  type FaultWorld,
} from './fault-world.examples.js';
import { howMany, howManyOf, turnsOf, type Bound } from './interleavings.examples.js';
import { livedAlike, LIVES } from './lives.examples.js';
import {
  heardAll,
  heardInTurns,
  heardOf,
  inWords,
  tellAgain,
  type Story,
  type Told,
} from './told.examples.js';
import { WITHIN_MS } from './ways.examples.js';

/** Every order of a life, but where two gateways report both money and what becomes of it. */
const BOUND: Bound = { upTo: 420, drawn: 120, seed: 20_261_127 };

const running = new AsyncDisposableStack();
let world: FaultWorld;
/** Of each life some payments that were told of alike. */
const stories: (readonly Story[])[] = [];
const typesToldAgain = new Set<string>();
let before: Awaited<ReturnType<typeof effectsIn>>;

beforeAll(async () => {
  world = await startFaultWorld(running);
  for (const life of LIVES) stories.push(await livedAlike(world, life, BOUND));
  before = await effectsIn(world.ring);
}, 8 * WITHIN_MS);
afterAll(() => running.disposeAsync(), 60_000);

/** Whoever hears what is told to this one. */
const alsoHearing = (service: RingService) =>
  RING_SERVICES.filter(
    (one) => one !== service && heardBy(one).some((topic) => heardBy(service).includes(topic)),
  );

const lengthsAt = (service: RingService, [story = []]: readonly Story[]) =>
  heardOf(service, story).map(({ length }) => length);

/**
 * Every order in which a service is told again of a life, in rounds: each payment at most once in a round,
 * and each at least once.
 */
function roundsAt(service: RingService, alike: readonly Story[]): (readonly Told[])[][] {
  const turns = turnsOf(lengthsAt(service, alike), BOUND);
  const rounds = Math.ceil(turns.length / alike.length);
  return Array.from({ length: rounds }, (_, round) =>
    alike.flatMap((story, n) => {
      const own = turns[round * alike.length + n] ?? (round === 0 ? turns[0] : undefined);
      return own === undefined ? [] : [heardInTurns(service, story, own)];
    }),
  );
}

describe('all that was told of a payment, told again', () => {
  it.each([...RING_SERVICES])(
    'changes nothing at %s, in whatever order its topics and tellers cross',
    async (service) => {
      const lives = stories.map((alike) => roundsAt(service, alike));
      const told = lives.flat(2).reduce((sum, order) => sum + order.length, 0);
      const dealtWith = await dealtWithBy(world.ring, service);

      for (let round = 0; lives.some((own) => round < own.length); round += 1) {
        await tellAgain(
          world,
          service,
          lives.flatMap((own) => own[round] ?? []),
        );
      }
      await Promise.all(alsoHearing(service).map((other) => heardAll(world, other)));

      const played = lives.map((own) => new Set(own.flat().map(inWords)).size);
      const possible = stories.map((alike) => howMany(lengthsAt(service, alike)));
      process.stdout.write(
        `${service}: ${played.join()} orders of ${possible.join()}, seed ${BOUND.seed}\n`,
      );
      expect(played).toEqual(possible.map((count) => howManyOf(count, BOUND)));
      expect(told).toBeGreaterThan(0);
      expect((await dealtWithBy(world.ring, service)) - dealtWith).toBeGreaterThanOrEqual(told);
      expect(await effectsIn(world.ring)).toEqual(before);
      for (const { type } of lives.flat(3)) typesToldAgain.add(type);
    },
    4 * WITHIN_MS,
  );

  it('was told in more than one order where a service hears of a payment from two sides', () => {
    const crossing = (['checkout', 'routing'] as const).map((service) =>
      stories.map((alike) => howMany(lengthsAt(service, alike))),
    );
    expect(Math.min(...crossing.flat())).toBeGreaterThan(1);
  });

  it('leaves out no event but three: nothing offered, a choice refused, and bills', () => {
    const all = Object.keys(definitions);
    expect(all.filter((type) => !typesToldAgain.has(type))).toEqual([
      'payment.not_offered',
      'attempt.refused',
      'bill.available',
    ]);
  });

  it(
    'leaves four books that agree to the fen, and nothing set aside',
    async () => {
      const { payments, withMoney } = await agreed(world, WITHIN_MS);
      expect(payments.length).toBeGreaterThanOrEqual(stories.flat().length);
      expect(withMoney).toBeGreaterThan(0);
    },
    2 * WITHIN_MS,
  );
});
