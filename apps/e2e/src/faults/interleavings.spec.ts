import { expect, it } from '@jest/globals';
import { interleavings, runsOf } from './interleavings.examples.js';

it('has every order that keeps the order of each list', () => {
  expect(interleavings([['a', 'b'], ['1']]).map((order) => order.join(''))).toEqual([
    'ab1',
    'a1b',
    '1ab',
  ]);
  expect(interleavings([])).toEqual([[]]);
});

it.each<[number, number, number]>([
  [2, 2, 6],
  [3, 4, 35],
  [3, 6, 84],
])('has as many of %d and %d as there are, each once: %d', (m, n, count) => {
  const numbered = (name: string, length: number) => Array.from({ length }, (_, i) => name + i);
  const all = interleavings([numbered('a', m), numbered('b', n)]).map((order) => order.join());
  expect(new Set(all).size).toBe(count);
  expect(all).toHaveLength(count);
});

it('keeps neighbours of one name together', () => {
  expect(runsOf([...'aabba'], (one) => one).map((run) => run.join(''))).toEqual(['aa', 'bb', 'a']);
});
