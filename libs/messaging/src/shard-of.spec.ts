import { expect, it } from '@jest/globals';
import { aPaymentId } from '@hutong/testing';
import { shardOf, SHARDS } from './shard-of.js';

// The hash is FNV-1a, 32 bits: its published values of '', 'a' and 'foobar' end in 5, c and 8. A key's
// shard may never change: rows of before and after would have two relays at a time.
it.each<[key: string, shard: number]>([
  ['', 5],
  ['a', 12],
  ['foobar', 8],
  ['wechat:2026-11-24', 3],
  ['019a0c91-a000-70e2-9874-fe3c39eb030a', 8],
  ['互通', 13],
])('%s is in shard %i', (key, shard) => {
  expect(shardOf(key)).toBe(shard);
});

it('spreads keys over all shards, about evenly', () => {
  const counts = new Array<number>(SHARDS).fill(0);
  for (let n = 0; n < 16_000; n += 1) {
    const shard = shardOf(aPaymentId());
    counts[shard] = (counts[shard] ?? 0) + 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(700);
  expect(Math.max(...counts)).toBeLessThan(1_300);
});
