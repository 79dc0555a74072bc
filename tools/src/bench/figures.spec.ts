import { describe, expect, it } from '@jest/globals';
import {
  aimed,
  atMost,
  inside,
  median,
  quantile,
  reported,
  spreadOf,
  type Aim,
} from './figures.js';
import { interleave } from './interleave.js';
import { tableOf } from './table.js';

describe('figures', () => {
  type Row = { values: number[]; share: number; expected: number };
  it.each<Row>`
    values             | share   | expected
    ${[7]}             | ${0.95} | ${7}
    ${[3, 1, 2]}       | ${0.5}  | ${2}
    ${[4, 3, 2, 1]}    | ${0.5}  | ${2}
    ${[10, 9, 8, 100]} | ${0.95} | ${100}
    ${[2, 10]}         | ${0.5}  | ${2}
  `('the $share quantile of $values is $expected', ({ values, share, expected }) => {
    expect(quantile(values, share)).toBe(expected);
  });

  it('of nothing are none', () => {
    expect(() => median([])).toThrow('nothing was measured');
  });

  it('meet an aim up to its limit', () => {
    expect([atMost(3, 'm', 3, 'x').met, atMost(3, 'm', 3.0001, 'x').met]).toEqual([true, false]);
    expect(reported('m', 1.23456, 'ms')).toEqual({
      ...{ metric: 'm', value: 1.235, unit: 'ms', aim: null, met: null },
    });
  });
});

it.each<{ value: number; met: boolean }>`
  value  | met
  ${80}  | ${true}
  ${100} | ${true}
  ${120} | ${true}
  ${121} | ${false}
`('$value is inside what the same thing measured before: $met', ({ value, met }) => {
  expect(inside(spreadOf([120, 100, 110]), 'm', value, 'ms')).toEqual({
    ...{ metric: 'm', value, unit: 'ms', aim: 'inside 100 to 120', met },
  });
});

it.each<{ aim: Aim; value: number; expected: object }>`
  aim                                 | value   | expected
  ${{ sign: '≤', limits: [3, 2] }}    | ${2.5}  | ${{ aim: '≤ 3, then ≤ 2', met: true }}
  ${{ sign: '≤', limits: [3, 2] }}    | ${3.5}  | ${{ aim: '≤ 3, then ≤ 2', met: false }}
  ${{ sign: '≥', limits: [60, 120] }} | ${60}   | ${{ aim: '≥ 60, then ≥ 120', met: true }}
  ${{ sign: '≥', limits: [60, 120] }} | ${59.9} | ${{ aim: '≥ 60, then ≥ 120', met: false }}
`('$value against $aim', ({ aim, value, expected }) => {
  expect(aimed(aim, 'm', value, 'x')).toMatchObject(expected);
});

it('measures in turns, the order turning round, and throws the first run away', async () => {
  const order: string[] = [];
  const side = (name: 'a' | 'b', value: number) => ({
    name,
    measure: async () => {
      order.push(name);
      return [value + order.length];
    },
  });

  const measured = await interleave(
    [side('a', 100), side('b', 200)],
    { runs: 2, warmUp: true },
    () => undefined,
  );

  expect(order.join('')).toBe('ab' + 'ba' + 'ab');
  expect([...measured]).toEqual([
    ['a', [[104], [105]]],
    ['b', [[203], [206]]],
  ]);
});

it('prints a line a figure, in columns, and says what was missed', () => {
  const machine = { cores: 2, memory: 8 * 1024 ** 3, node: '24', kafka: '4.3.1', postgres: '18.4' };
  const results = [reported('one hop, p50', 3.25, 'ms'), atMost(2, 'ratio', 12, 'times')];

  expect(tableOf({ name: 'hops', machine, runs: 7, results }).split('\n')).toEqual([
    'hops: compared by medians of 7 runs in turns, on 2 cores with 8 GiB, Node 24, Kafka 4.3.1, PostgreSQL 18.4',
    'one hop, p50  3.25  ms',
    'ratio           12  times  ≤ 2  MISSED',
  ]);
});
