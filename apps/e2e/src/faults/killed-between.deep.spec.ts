import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import { OpenTransaction, readRows, type RingService } from '@hutong/world';
import { agreed, behind } from './fault-world.examples.js';
import { firstAt } from './freezing.examples.js';
import {
  committedOf,
  countsOf,
  HEARD,
  lying,
  told,
  TOLD,
  type Lying,
  type Step,
} from './hearing.examples.js';
import {
  finish,
  handled,
  killAndRestart,
  startKillWorld,
  type KillWorld,
} from './killing.examples.js';
import { WITHIN_MS } from './ways.examples.js';

const SCENE_WITHIN_MS = 400_000;
/** More than there are partitions, so that two of them share one. */
const SOME = 4;

/** Kill -9 of each service between two of its commits: one here, one at the broker. */
describe('killed between', () => {
  const running = new AsyncDisposableStack();
  let world: KillWorld;
  /** All that went through a scene, for the books in the end. */
  const payments = new Set<string>();

  beforeAll(async () => {
    world = await startKillWorld(running);
  }, 300_000);

  afterAll(() => running.disposeAsync(), 120_000);

  const prepared = ({ prepare }: Step, count: number) =>
    Promise.all(Array.from({ length: count }, () => prepare(world)));
  const finishAll = async (events: readonly Lying[]): Promise<void> => {
    const ids = events.map(({ paymentId }) => paymentId);
    for (const id of ids) payments.add(id);
    await Promise.all(ids.map((id) => finish(world, id)));
  };
  const committed = (service: RingService, ...events: Lying[]) =>
    committedOf(world, service, events);

  it.each(HEARD)(
    '$service is killed in a batch, one event committed and the next in hand: it takes both again',
    async (step) => {
      const { service } = step;
      const { proxy } = world.broker;
      const acts = await prepared(step, SOME);
      await eventually(() => world.probe.settled([step.topic], service), {
        withinMs: WITHIN_MS,
        what: `${service} to have heard everything before`,
      });
      const fetches = proxy.withhold({ client: service, api: 'fetch', part: 'request' });
      await eventually(() => fetches.count > 0, { withinMs: WITHIN_MS, what: 'a fetch' });
      const { events } = await told(world, step, acts);
      const [before, inHand] = twoOfOnePartition(events);
      await using rival = await inTheWayOf(service, inHand);

      fetches.release();
      const stopped = await firstAt(rival, `${service} to wait in its transaction`);
      expect(stopped).toMatchObject({ instance: service });
      expect(await committed(service, before, inHand)).toEqual([before]);
      const again = await behind(world, service);
      expect(again).toBeGreaterThan(0n);
      const heir = await killAndRestart(world, service, () => rival[Symbol.asyncDispose]());

      await handled(heir, again);
      expect(await committed(service, before, inHand)).toEqual([before, inHand]);
      await finishAll(events);
    },
    SCENE_WITHIN_MS,
  );

  it.each(HEARD)(
    '$service is killed between commit and offset: the event comes again, its effect does not',
    async (step) => {
      const { service } = step;
      const acts = await prepared(step, 1);
      const commits = world.broker.proxy.withhold({
        client: service,
        api: 'offsetCommit',
        part: 'request',
      });
      const { events, answered } = await told(world, step, acts);
      await answered;
      await eventually(async () => (await committed(service, ...events)).length > 0, {
        withinMs: WITHIN_MS,
        what: `${service} to have committed its effect`,
      });
      await eventually(() => commits.count > 0, { withinMs: WITHIN_MS, what: 'an offset' });
      const again = await behind(world, service);
      expect(again).toBeGreaterThan(0n);
      const counts = await countsOf(world, service);
      const heir = await killAndRestart(world, service, () => commits.release());

      await handled(heir, again);
      expect(await committed(service, ...events)).toEqual(events);
      expect(await countsOf(world, service)).toEqual(counts);
      await finishAll(events);
    },
    SCENE_WITHIN_MS,
  );

  it.each(TOLD)(
    '$service is killed in its relay between send and delete: the event is told twice, under one id',
    async (step) => {
      const { service } = step;
      const acts = await prepared(step, 1);
      const answers = world.broker.proxy.withhold({
        client: `${service}-relay`,
        api: 'produce',
        part: 'answer',
      });
      const { events } = await told(world, step, acts);
      const [event] = events;
      await eventually(() => answers.count > 0, { withinMs: WITHIN_MS, what: 'an answer' });
      const { outbox } = await readRows(world.ring.databaseOf(service), { outbox: 'key' });
      expect(outbox).toContainEqual({ key: event?.paymentId });
      await killAndRestart(world, service, () => answers.release());

      const copies = await eventually(
        async () => {
          const all = await lying(world, step);
          const own = all.filter(({ eventId }) => eventId === event?.eventId);
          return own.length > 1 && own;
        },
        { withinMs: WITHIN_MS, what: `${step.type} to be told again` },
      );
      expect(new Set(copies.map(({ partition }) => partition)).size).toBe(1);
      await finishAll(events);
    },
    SCENE_WITHIN_MS,
  );

  it(
    'has taken every payment once: four books agree, and nothing is stuck',
    async () => {
      const compared = await agreed(world, WITHIN_MS);
      expect(payments.size).toBe(HEARD.length * (SOME + 1) + TOLD.length);
      expect(compared.withMoney).toBe(payments.size);
      expect(compared.payments).toHaveLength(payments.size);
    },
    SCENE_WITHIN_MS,
  );

  /** The transaction in which a service hears this event has to wait for it. */
  const inTheWayOf = (service: RingService, { eventId }: Lying): Promise<OpenTransaction> =>
    OpenTransaction.of(
      world.ring.databaseOf(service),
      service === 'ledger'
        ? 'select pg_advisory_xact_lock(hashtextextended($1, 0))'
        : 'insert into inbox (event_id) values ($1::uuid)',
      [eventId],
    );
});

/** The first two of a partition that has two. */
function twoOfOnePartition(events: readonly Lying[]): [Lying, Lying] {
  const shared = [...Map.groupBy(events, ({ partition }) => partition).values()];
  const [first, second] = shared.find((own) => own.length > 1) ?? [];
  if (first === undefined || second === undefined) throw new Error('no two share a partition');
  return [first, second];
}
