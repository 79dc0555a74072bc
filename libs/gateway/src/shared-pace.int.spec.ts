import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@hutong/config';
import { anAttemptRequested, eventually } from '@hutong/testing';
import { startToyGateway, type ToyGateway } from './toy-gateway.examples.js';

const REPLICAS = ['all', 'all'] as const;
const end = () => new Date(Date.now() + 15 * 60_000);

async function ordered({ world }: ToyGateway, count: number) {
  const commands = Array.from({ length: count }, () =>
    anAttemptRequested({ expiresAt: end(), notAfter: end() }),
  );
  await Promise.all(commands.map((command) => world.command(command)));
  return commands;
}
const allShown = ({ world }: ToyGateway, count: number) =>
  eventually(
    async () => {
      const sql = `select 1 from attempts where status = 'awaiting_payer'`;
      return (await world.db.query(sql)).length === count;
    },
    { what: `${count} orders that are shown`, withinMs: 20_000 },
  );

describe('an account that two processes use', () => {
  it('sees no more calls than its rate, by the record of its provider', async () => {
    const pace = { requestsPerSecond: 20, concurrency: 100 };
    await using toys = await startToyGateway({ clock: systemClock, roles: REPLICAS, pace });
    const sinceMs = performance.now();
    await ordered(toys, 50);
    await allShown(toys, 50);
    const { beganMs } = toys.provider;
    expect(beganMs).toHaveLength(50);
    // Two may begin at once; whatever holds a call up lets fewer begin by any moment, and never more.
    const early = beganMs.filter((atMs, i) => atMs - sinceMs < ((i + 1 - 2) / 20) * 1_000 - 1);
    expect(early).toEqual([]);
  }, 60_000);

  it('sees no more calls at a time than it takes, and those of a killed process end', async () => {
    const pace = { concurrency: 3 };
    await using toys = await startToyGateway({ clock: systemClock, roles: REPLICAS, pace });
    const answered = Promise.withResolvers<void>();
    using held = new DisposableStack();
    held.defer(answered.resolve);
    toys.provider.holdAll(answered.promise);
    await ordered(toys, 12);
    const waiting = async () =>
      (await toys.world.db.query(`select 1 from attempts where due_action = 'submit'`)).length;
    await eventually(async () => (await toys.world.lag()) === 0 && (await waiting()) === 9, {
      what: 'three that are sent and nine that wait',
    });
    answered.resolve();
    await allShown(toys, 12);
    expect(toys.provider.mostAtOnce).toBe(3);

    const diedMs = performance.now();
    await toys.world.db.query(
      `insert into pace_holds (account, worker, calls, held_until)
       values ('toys', $1, 3, clock_timestamp() + interval '1 second')`,
      [randomUUID()],
    );
    const before = toys.provider.beganMs.length;
    await ordered(toys, 1);
    await allShown(toys, 13);
    const [beganMs = 0] = toys.provider.beganMs.slice(before);
    expect(beganMs - diedMs).toBeGreaterThanOrEqual(1_000);
  }, 60_000);
});
