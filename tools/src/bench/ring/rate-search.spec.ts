import { expect, it } from '@jest/globals';
import { highestRate } from './rate-search.js';

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
