import { expect, it } from '@jest/globals';
import { instrumentCode } from '../posting/codes.js';
import type { Day } from '../posting/day.js';
import { countByHand, type Activity } from './brute-force.js';

const paid = (day: number, said: Partial<Activity> = {}): Activity => ({
  platform: 'taobao',
  payer: 'a',
  merchant: 'm',
  instrument: instrumentCode.cloud_quickpass,
  day: day as Day,
  ...said,
});
const days = { from: 9 as Day, to: 40 as Day };
const counted = (activities: readonly Activity[], scope: Parameters<typeof countByHand>[1]) => {
  const byHand = countByHand(activities, scope, { days, windows: [1, 7, 'cumulative'] });
  const active = (window: 1 | 7 | 'cumulative') =>
    (byHand.get(window) ?? []).flatMap((uniques, index) =>
      uniques > 0 ? [days.from + index] : [],
    );
  return { byHand, active };
};
const PAYERS = { entity: 'payer', instrument: 'any' } as const;

it('counts somebody for as long as the window has a day on which he paid', () => {
  const { active } = counted([paid(30), paid(10), paid(14)], PAYERS);
  const range = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => from + index);
  expect(active(1)).toEqual([10, 14, 30]);
  expect(active(7)).toEqual([...range(10, 21), ...range(30, 37)]);
  expect(active('cumulative')).toEqual(range(10, 40));
});

const CROWD = [
  paid(9),
  paid(9, { payer: 'b', merchant: 'n' }),
  paid(9, { platform: 'jd' }),
  paid(9, { payer: 'c', instrument: instrumentCode.bank_app }),
  paid(9, { payer: 'd', instrument: instrumentCode.alipay }),
  paid(9, { payer: 'e', instrument: 9 }),
];

it.each([
  [{ ...PAYERS }, 6],
  [{ ...PAYERS, platform: 'taobao' }, 5],
  [{ ...PAYERS, instrument: 'unionpay', platform: 'taobao' }, 3],
  [{ ...PAYERS, instrument: 'alipay' }, 1],
  [{ ...PAYERS, entity: 'merchant' }, 3],
] as const)('counts, of %j, %j', (scope, count) => {
  expect(counted(CROWD, scope).byHand.get(1)?.[0]).toBe(count);
});
