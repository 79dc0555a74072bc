import { expect, it } from '@jest/globals';
import type { Day } from '../posting/day.js';
import { growthView, partView } from './adoption-view.js';
import { launchDays } from './launch.js';

it.each([
  [1, 4, 0.25],
  [4, 4, 1],
  [0, 4, 0],
  [0, 0, null],
])('%j of %j is a share of %j', (uniques, among, share) => {
  expect(partView({ uniques, among })).toEqual({ uniques, among, share });
});

const day = (number: number) => number as Day;
const series = [
  { day: day(547), uniques: 0 },
  { day: day(548), uniques: 9 },
];

it('grows against the thirty days from the launch on', () => {
  expect(growthView(series, { days: launchDays(day(547)), uniques: 4 })).toEqual({
    day: ['2021-07-01', '2021-07-02'],
    uniques: [0, 9],
    launch: { from: '2021-07-01', to: '2021-07-31', uniques: 4 },
    growth: [0, 2.25],
  });
});

it.each([[undefined], [{ days: launchDays(day(900)), uniques: 0 }]])(
  'does not grow from nothing (%j)',
  (launch) => {
    expect(growthView(series, launch).growth).toEqual([null, null]);
  },
);
