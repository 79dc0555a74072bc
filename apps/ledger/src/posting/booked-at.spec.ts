import { expect, it } from '@jest/globals';
import { bookedAt, type BookingClock } from './booked-at.js';

const occurredAt = new Date('2026-11-24T15:59:58.000Z');
const appendedAt = new Date('2026-11-24T16:00:03.000Z');
const businessTime = new Date('2023-11-01T04:00:00.000Z');

it.each<{ clock: BookingClock; story: Date | undefined; booked: Date }>`
  clock       | story           | booked
  ${'append'} | ${undefined}    | ${appendedAt}
  ${'append'} | ${businessTime} | ${appendedAt}
  ${'event'}  | ${undefined}    | ${occurredAt}
  ${'event'}  | ${businessTime} | ${businessTime}
`('by the clock of $clock, in a story of $story, is booked at $booked', (row) => {
  const times = { occurredAt, appendedAt, businessTime: row.story };
  expect(bookedAt(row.clock, times)).toEqual(row.booked);
});
