import { describe, expect, it } from '@jest/globals';
import { drive } from './drive.js';
import { uuidOf } from './ulid.js';

it.each<{ ulid: string; uuid: string }>`
  ulid                            | uuid
  ${'00000000000000000000000000'} | ${'00000000-0000-0000-0000-000000000000'}
  ${'7ZZZZZZZZZZZZZZZZZZZZZZZZZ'} | ${'ffffffff-ffff-ffff-ffff-ffffffffffff'}
  ${'01ARZ3NDEKTSV4RRFFQ69G5FAV'} | ${'01563e3a-b5d3-d676-4c61-efb99302bd5b'}
`('$ulid has the bits of $uuid', ({ ulid, uuid }) => {
  expect(uuidOf(ulid)).toBe(uuid);
});

/** What can be ended by hand, and counts how many wait for that. */
function queue() {
  const waiting: (() => void)[] = [];
  const go = (n: number): Promise<number> =>
    new Promise((resolve) => waiting.push(() => resolve(n)));
  return { go, waiting };
}

describe('an open loop', () => {
  it('begins as many as its rate says, and waits for all of them', async () => {
    const { go, waiting } = queue();

    const driving = drive({ rate: 200, warmSeconds: 0, seconds: 0.1 }, go, {
      opens: async () => expect(waiting).toHaveLength(0),
      closes: async () => {
        expect(waiting).toHaveLength(20); // nobody ended, and none was held back
        for (const end of waiting) end();
      },
    });

    const { done, ...rest } = await driving;
    expect({ done: done.length, ...rest }).toEqual({
      ...{ done: 20, begun: 20, failures: [], mostAtOnce: 20, perSecond: 0, gaveUp: false },
    });
  });

  it.each<{ mostAtOnce: number; expected: object }>`
    mostAtOnce  | expected
    ${10}       | ${{ begun: 11, gaveUp: true }}
    ${Infinity} | ${{ begun: 100, gaveUp: false }}
  `('with more than $mostAtOnce under way: $expected', async ({ mostAtOnce, expected }) => {
    const { go, waiting } = queue();
    const load = { rate: 1_000, warmSeconds: 0, seconds: 0.1, mostAtOnce };

    const driven = await drive(load, go, {
      opens: async () => undefined,
      closes: async () => waiting.forEach((end) => end()),
    });

    expect(driven).toMatchObject(expected);
  });
});

it('is told when each was due, however late it is begun', async () => {
  const dues: number[] = [];

  await drive({ rate: 100, warmSeconds: 0, seconds: 0.05 }, async (_, due) => {
    if (dues.push(due) > 1) return;
    const until = performance.now() + 30; // nothing else can run meanwhile
    while (performance.now() < until);
  });

  const gaps = dues.slice(1).map((due, i) => Math.round(due - (dues[i] ?? 0)));
  expect(gaps).toEqual([10, 10, 10, 10]);
});

describe('a closed loop', () => {
  it('has so many at a time, and each begins anew once it has ended', async () => {
    let [atOnce, most] = [0, 0];

    const { done, perSecond } = await drive(
      { concurrency: 3, warmSeconds: 0, seconds: 0.05 },
      async (n) => {
        most = Math.max(most, (atOnce += 1));
        await new Promise((resolve) => setImmediate(resolve));
        atOnce -= 1;
        return n;
      },
    );

    expect(most).toBe(3);
    expect(done.toSorted((a, b) => a - b)).toEqual(done.map((_, n) => n));
    expect(perSecond).toBeGreaterThan(0);
  });

  it('counts what failed, and measures nothing that began before', async () => {
    let open = false;

    const { done, failures } = await drive(
      { concurrency: 1, warmSeconds: 0.02, seconds: 0.02 },
      async (n) => {
        await new Promise((resolve) => setImmediate(resolve));
        if (n % 2 === 1) throw new Error('odd');
        return open;
      },
      {
        opens: async () => {
          open = true;
        },
        closes: async () => undefined,
      },
    );

    expect(done).not.toContain(false);
    expect(new Set(failures)).toEqual(new Set(['odd']));
  });
});

it.each<{ pace: { rate: number } | { concurrency: number } }>`
  pace
  ${{ rate: 1_000 }}
  ${{ concurrency: 3 }}
  ${{ concurrency: 30 }}
`('begins as many as are asked for and no more: $pace', async ({ pace }) => {
  const load = { ...pace, payments: 10, warmSeconds: 0 };
  const { done, begun } = await drive(load, async (n) => n);
  expect(begun).toBe(10);
  expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, n) => n));
});
