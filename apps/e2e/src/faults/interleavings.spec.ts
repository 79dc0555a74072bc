import { expect, it } from '@jest/globals';
import { howMany, interleavings, inTurns, runsOf, turnsOf } from './interleavings.examples.js';

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
  expect(howMany([m, n])).toBe(count);
});

it('counts the orders of more than two lists', () => {
  const lists = [['a', 'b', 'c'], ['1', '2'], ['x', 'y'], []];
  expect(howMany(lists.map(({ length }) => length))).toBe(interleavings(lists).length);
  expect(howMany([])).toBe(1);
});

it('takes turns in every order, while these are few enough', () => {
  const lists = [['a', 'b'], ['1']];
  const turns = turnsOf([2, 1], { upTo: 3, drawn: 2, seed: 1 });
  expect(turns.map((own) => inTurns(lists, own))).toEqual(interleavings(lists));
});

it('draws as many orders as it may where there are more, the same for the same seed', () => {
  const drawn = (seed: number) => turnsOf([3, 4, 2], { upTo: 1_259, drawn: 1_000, seed });
  const lists = [[...'abc'], [...'1234'], [...'xy']];
  const orders = new Set(drawn(1).map((own) => inTurns(lists, own).join('')));
  expect(orders.size).toBe(1_000);
  const every = new Set(interleavings(lists).map((order) => order.join('')));
  expect([...orders].filter((order) => !every.has(order))).toEqual([]);
  expect(drawn(1)).toEqual(drawn(1));
  expect(drawn(2)).not.toEqual(drawn(1));
});

it('keeps neighbours of one name together', () => {
  expect(runsOf([...'aabba'], (one) => one).map((run) => run.join(''))).toEqual(['aa', 'bb', 'a']);
});
