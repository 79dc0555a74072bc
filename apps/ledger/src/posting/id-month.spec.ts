import { expect, it } from '@jest/globals';
import { mintEventId } from '@hutong/domain-events';
import { idMonthOf } from './id-month.js';

it.each([
  ['2026-11-24T08:00:00.000Z', '2026-11-01T00:00:00.000Z'],
  ['2026-11-30T23:59:59.999Z', '2026-11-01T00:00:00.000Z'],
  ['2026-12-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'],
])('an event id made at %s is of the month that begins at %s', (at, month) => {
  const id = mintEventId({ at: new Date(at), random: new Uint8Array(16).fill(255) });
  expect(idMonthOf(id)).toBe(month);
});
