import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { catalogue } from '@hutong/domain-events';
import { eventually } from '@hutong/testing';
import { play, readRows, RING_SERVICES } from '@hutong/world';
import { effectsIn } from './effects.examples.js';
import {
  agreed,
  behind,
  countedBy,
  dealtWithBy,
  startFaultWorld,
  toldAgain,
  type FaultWorld,
} from './fault-world.examples.js';
import { InFlight, type Answers } from './in-flight.examples.js';
import { WITHIN_MS } from './ways.examples.js';
import { WebhookReceiver } from './webhook-receiver.examples.js';

const SCENE_WITHIN_MS = 400_000;
/** Longer than a client waits for an answer, and than a member of a group may be silent. */
const FROZEN_MS = 40_000;
/** All but the ledger, which has no outbox. */
const TELLING = RING_SERVICES.filter((service) => service !== 'ledger');

describe('a ring whose broker goes away, or forgets how far it was heard', () => {
  const running = new AsyncDisposableStack();
  let world: FaultWorld;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    world = await startFaultWorld(running);
    receiver = running.use(await WebhookReceiver.start());
    await receiver.register(world.ring);
  }, 300_000);

  afterAll(() => running.disposeAsync(), 120_000);

  /** What fails says what the ring's processes complained of. */
  const played = (scene: () => Promise<void>) => () => play(world.ring, world, scene);

  /** How often a relay had no acknowledgement for what it had sent. */
  const unsent = async (): Promise<number> => {
    const each = TELLING.map((service) =>
      countedBy(world.ring, service, 'hutong_outbox_failures_total'),
    );
    return (await Promise.all(each)).reduce((sum, count) => sum + count, 0);
  };
  const moreUnsentThan = (failed: number): Promise<boolean> =>
    eventually(async () => (await unsent()) > failed, {
      withinMs: WITHIN_MS,
      what: 'a relay to have no acknowledgement',
    });
  const repeated = async (): Promise<number> => {
    const each = await Promise.all(catalogue.map(({ name }) => toldAgain(world, name)));
    return each.reduce((sum, count) => sum + count, 0);
  };

  it(
    'takes payments while it stands still, and brings all of them to their ends afterwards',
    played(async () => {
      const { broker } = world;
      const payments = await InFlight.prepare(world);
      const [before, told] = [await agreed(world, WITHIN_MS), await repeated()];
      const failed = await unsent();

      await broker.pause();
      let answers: Answers;
      try {
        [answers] = await Promise.all([payments.goOn(), after(FROZEN_MS)]);
        await moreUnsentThan(failed);
      } finally {
        await broker.resume();
      }

      expect(answers).toEqual({
        requests: [1, 2, 3].map(() => ({ status: 'requested' })),
        choices: [1, 2, 3].map(() => ({ status: 'selected' })),
        refunds: [1, 2, 3].map(() => ({ status: 'requested' })),
      });
      const count = await payments.toTheirEnds();
      const compared = await agreed(world, WITHIN_MS);
      expect(compared.withMoney).toBe(before.withMoney + count - 3); // three were paid before
      // What it had in its hands it took when it went on, and it was sent once more.
      expect(await repeated()).toBeGreaterThan(told);
    }),
    SCENE_WITHIN_MS,
  );

  it(
    'loses nothing when it is killed and started again on its folder',
    played(async () => {
      const { broker } = world;
      const payments = await InFlight.prepare(world);
      const before = await agreed(world, WITHIN_MS);
      const failed = await unsent();

      await broker.kill();
      const [answers] = await Promise.all([payments.goOn(), broker.restart()]);

      const asked = Object.values(answers).flat();
      expect(asked.filter((answer) => 'refused' in answer)).toEqual([]);
      await moreUnsentThan(failed);
      const count = await payments.toTheirEnds();
      const compared = await agreed(world, WITHIN_MS);
      expect(compared.withMoney).toBe(before.withMoney + count - 3);
    }),
    SCENE_WITHIN_MS,
  );

  it(
    'has every effect once when all groups hear everything again from the beginning',
    played(async () => {
      const { ring, probe } = world;
      await InFlight.prepare(world);
      const before = await agreed(world, WITHIN_MS);
      await eventually(
        () => before.payments.every((one) => one.status !== 'paid' || heardOf(one.paymentId) > 0),
        { withinMs: WITHIN_MS, what: 'a webhook of each payment that was paid' },
      );
      await eventually(async () => (await pendingWebhooks()) === 0, {
        withinMs: WITHIN_MS,
        what: 'every webhook to be written down as delivered',
      });
      const webhooks = receiver.heard.length;
      const effects = await effectsIn(ring);

      await Promise.all(RING_SERVICES.flatMap((s) => ring.instancesOf(s).map((one) => one.stop())));
      await Promise.all(RING_SERVICES.map((service) => probe.rewind(service)));
      const ahead = await Promise.all(RING_SERVICES.map((service) => behind(world, service)));
      await Promise.all(RING_SERVICES.map((service) => ring.restart(service)));

      const compared = await agreed(world, WITHIN_MS);
      // Counted anew since the start, so that all of these were delivered again.
      const again = await Promise.all(RING_SERVICES.map((service) => dealtWithBy(ring, service)));
      expect(again.map((count, n) => count > 0 && count >= Number(ahead[n]))).toEqual(
        RING_SERVICES.map(() => true),
      );
      expect(await effectsIn(ring)).toEqual(effects);
      expect(compared.payments).toEqual(before.payments);
      expect(compared.withMoney).toBeGreaterThan(0);
      expect(receiver.heard).toHaveLength(webhooks);
    }),
    SCENE_WITHIN_MS,
  );

  const pendingWebhooks = async (): Promise<number> => {
    const { webhook_message: all = [] } = await readRows(world.ring.databaseOf('checkout'), {
      webhook_message: 'status',
    });
    return all.filter((row) => Reflect.get(Object(row), 'status') === 'pending').length;
  };
  const heardOf = (paymentId: string): number => receiver.of(paymentId).length;
});
