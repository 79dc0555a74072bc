import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RING_SERVICES, type RingService } from '@hutong/world';
import { effectsIn } from './effects.examples.js';
import {
  agreed,
  dealtWithBy,
  heardBy,
  startFaultWorld,
  type FaultWorld,
} from './fault-world.examples.js';
import { livedInAllOrders, LIVES } from './lives.examples.js';
import { heardAll, inWords, ordersAt, tellAgain, type Story } from './told.examples.js';
import { WITHIN_MS } from './ways.examples.js';

const running = new AsyncDisposableStack();
let world: FaultWorld;
/** Of each life as many payments as there are orders of hearing of it. */
const stories: (readonly Story[])[] = [];
let before: Awaited<ReturnType<typeof effectsIn>>;

beforeAll(async () => {
  world = await startFaultWorld(running);
  for (const live of Object.values(LIVES)) stories.push(await livedInAllOrders(world, live));
  before = await effectsIn(world.ring);
}, 4 * WITHIN_MS);
afterAll(() => running.disposeAsync(), 60_000);

/** Whoever hears what is told to this one. */
const alsoHearing = (service: RingService) =>
  RING_SERVICES.filter(
    (one) => one !== service && heardBy(one).some((topic) => heardBy(service).includes(topic)),
  );

describe('all that was told of a payment, told again', () => {
  it.each([...RING_SERVICES])(
    'changes nothing at %s, in whatever order its topics cross',
    async (service) => {
      const orders = stories.map((alike) =>
        alike.map((story, n) => {
          const every = ordersAt(service, story);
          return every[n % every.length] ?? [];
        }),
      );
      const told = orders.flat().reduce((sum, order) => sum + order.length, 0);
      const dealtWith = await dealtWithBy(world.ring, service);

      await tellAgain(world, service, orders.flat());
      await Promise.all(alsoHearing(service).map((other) => heardAll(world, other)));

      const played = orders.map((own) => new Set(own.map(inWords)));
      const possible = stories.map(
        ([story = []]) => new Set(ordersAt(service, story).map(inWords)),
      );
      expect(played).toEqual(possible);
      expect(told).toBeGreaterThan(0);
      expect((await dealtWithBy(world.ring, service)) - dealtWith).toBeGreaterThanOrEqual(told);
      expect(await effectsIn(world.ring)).toEqual(before);
    },
    2 * WITHIN_MS,
  );

  it('was told in more than one order where a service hears of a payment from two sides', () => {
    const crossing = (['checkout', 'routing'] as const).map((service) =>
      stories.map(([story = []]) => ordersAt(service, story).length),
    );
    expect(Math.min(...crossing.flat())).toBeGreaterThan(1);
  });

  it('leaves four books that agree to the fen, and nothing set aside', async () => {
    const { payments, withMoney } = await agreed(world, WITHIN_MS);
    expect(payments.length).toBeGreaterThanOrEqual(stories.flat().length);
    expect(withMoney).toBeGreaterThan(0);
  });
});
