import { expect, it } from '@jest/globals';
import { ok, refuse } from '@hutong/result';
import { periodOf } from './period.js';

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
