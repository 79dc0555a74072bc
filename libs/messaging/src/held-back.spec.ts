import { expect, it } from '@jest/globals';
import { HeldBack } from './held-back.js';

function aPartition() {
  const world = { nowMs: 1_000 };
  return { world, held: new HeldBack(() => world.nowMs) };
}

it('passes over what was settled behind one that is held, and over nothing before it', () => {
  const { held } = aPartition();
  held.begin(5n);
  held.settle(5n);
  held.hold(6n, 'a');
  held.settle(7n);
  held.begin(6n);
  expect([5n, 6n, 7n, 8n].map((offset) => held.isSettled(offset))).toEqual([
    false,
    false,
    true,
    false,
  ]);
});

it('keeps a key waiting behind its own event, in each fetch anew', () => {
  const { held } = aPartition();
  held.begin(5n);
  held.hold(5n, 'a');
  expect([held.isWaiting('a'), held.isWaiting('b')]).toEqual([true, false]);
  held.begin(5n);
  expect(held.isWaiting('a')).toBe(false);
});

it('counts how long each event is held, from the first time on', () => {
  const { world, held } = aPartition();
  held.begin(5n);
  expect(held.heldMs(5n)).toBe(0);
  held.hold(5n, 'a');
  world.nowMs += 100;
  held.begin(5n);
  expect(held.heldMs(5n)).toBe(100);
  held.hold(5n, 'a');
  held.hold(9n, 'b');
  world.nowMs += 100;
  expect([held.heldMs(5n), held.heldMs(9n)]).toEqual([200, 100]);
  held.settle(5n);
  expect(held.heldMs(5n)).toBe(0);
});

it('asks about the first again at each look, and about those behind it once a second', () => {
  const { world, held } = aPartition();
  const look = () => {
    held.begin(5n);
    const first = held.isResting(5n);
    held.hold(5n, 'a');
    return { first, behind: held.isResting(6n) };
  };
  expect(look()).toEqual({ first: false, behind: false });
  held.hold(6n, 'b');
  world.nowMs += 999;
  expect(look()).toEqual({ first: false, behind: true });
  held.rest('b');
  expect(held.isWaiting('b')).toBe(true);
  world.nowMs += 1;
  expect(look()).toEqual({ first: false, behind: false });
  held.begin(6n); // the one before it is gone: it is the first now
  expect(held.isResting(6n)).toBe(false);
  expect(held.heldMs(6n)).toBe(1_000);
});

it('forgets what lies before the offset', () => {
  const { held } = aPartition();
  held.begin(5n);
  held.hold(5n, 'a');
  held.settle(6n);
  held.hold(7n, 'b');
  held.settle(8n);
  held.begin(7n);
  held.begin(5n); // the group was set back: what came before is handled again, and the inbox knows it
  expect([6n, 8n].map((offset) => held.isSettled(offset))).toEqual([false, true]);
});
