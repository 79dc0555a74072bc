import { describe, expect, it } from '@jest/globals';
import { confirmedRate, highestRate } from './rate-search.js';

type Row = { limit: number; from: number; within: number; expected: object };

it.each<Row>`
  limit  | from  | within  | expected
  ${0}   | ${20} | ${0.05} | ${{ highest: 0, refused: 1 }}
  ${1}   | ${20} | ${0.05} | ${{ highest: 1, refused: 2 }}
  ${19}  | ${20} | ${0.05} | ${{ highest: 19, refused: 20 }}
  ${20}  | ${20} | ${0.05} | ${{ highest: 20, refused: 21 }}
  ${100} | ${20} | ${0.05} | ${{ highest: 99, refused: 102 }}
  ${100} | ${20} | ${0}    | ${{ highest: 100, refused: 101 }}
  ${160} | ${20} | ${0.05} | ${{ highest: 102, refused: Infinity }}
  ${100} | ${1}  | ${0.5}  | ${{ highest: 93, refused: 116 }}
`(
  'where $limit holds, from $from it finds $expected',
  async ({ limit, from, within, expected }) => {
    const asked: number[] = [];

    const found = await highestRate({ from, within, upTo: 150 }, async (rate) => {
      asked.push(rate);
      return rate <= limit;
    });

    expect(found).toEqual(expected);
    expect(asked).toHaveLength(new Set(asked).size); // nothing is tried twice
  },
);

describe('a rate that was found', () => {
  /** Whether each run holds, in turn; those behind them do. */
  const confirm = async (said: readonly boolean[], highest = 100) => {
    const driven: number[] = [];
    const found = await confirmedRate(
      { highest, runs: 3 },
      async (rate) => said[driven.push(rate) - 1] ?? true,
      (held) => held,
    );
    return { found, driven };
  };

  it('is confirmed by holding every time', async () => {
    expect(await confirm([])).toEqual({
      found: { rate: 100, runs: [true, true, true] },
      driven: [100, 100, 100],
    });
  });

  it('is lowered as soon as one run does not hold, and tried as often again', async () => {
    expect(await confirm([true, true, false])).toEqual({
      found: { rate: 92, runs: [true, true, true] },
      driven: [100, 100, 100, 92, 92, 92],
    });
  });

  it('is none where nothing holds', async () => {
    expect(await confirm([false, false], 2)).toEqual({
      found: { rate: 0, runs: [] },
      driven: [2, 1],
    });
  });
});
