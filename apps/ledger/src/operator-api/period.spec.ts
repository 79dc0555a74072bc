import { expect, it } from '@jest/globals';
import { ok, refuse } from '@hutong/result';
import { daysOf, periodOf } from './period.js';

const begins = (text: string) => new Date(`${text}T00:00:00.000+08:00`);

it('runs from the first day in Beijing up to the last, which is not in it', () => {
  expect(periodOf({ from: '2026-11-24', to: '2026-11-25' })).toEqual(
    ok({ from: begins('2026-11-24'), to: begins('2026-11-25') }),
  );
  expect(periodOf({ to: '2026-11-25' })).toEqual(ok({ from: undefined, to: begins('2026-11-25') }));
});

it.each(['2026-11-24', '2026-11-23'])('is none from 2026-11-24 to %s', (to) => {
  expect(periodOf({ from: '2026-11-24', to })).toEqual(refuse({ code: 'period_empty' }));
});

it.each([
  ['2026-11-24', '2026-11-24', refuse({ code: 'period_empty' })],
  ['2026-11-24', '2026-11-23', refuse({ code: 'period_empty' })],
  ['2020-01-01', '2020-01-03', ok({ from: 0, to: 2 })],
  ['2020-01-01', '2030-01-08', ok({ from: 0, to: 3_660 })],
  ['2020-01-01', '2030-01-09', refuse({ code: 'period_too_long' })],
])('has the days from %s to %s', (from, to, days) => {
  expect(daysOf({ from, to })).toEqual(days);
});
