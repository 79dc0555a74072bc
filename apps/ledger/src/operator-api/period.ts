import { ok, refuse, type Result } from '@hutong/result';
import { parseDay, startOf, type Day } from '../posting/day.js';

/** From its first moment up to and without its last; open where a side is not given. */
export type Period = Readonly<{ from: Date | undefined; to: Date | undefined }>;

/** From the first day up to and without the last. */
export type Days = Readonly<{ from: Day; to: Day }>;

/** An answer for each day has a row for each: ten years of them. */
export const MOST_DAYS = 3_660;

export type PeriodRefusal = Readonly<{ code: 'period_empty' }>;
export type DaysRefusal = PeriodRefusal | Readonly<{ code: 'period_too_long' }>;

/** @param asked days in Beijing: `to` is the first day that is not meant any more. */
export function periodOf(
  asked: Readonly<{ from?: string; to?: string }>,
): Result<Period, PeriodRefusal> {
  const from = firstMoment(asked.from);
  const to = firstMoment(asked.to);
  if (from !== undefined && to !== undefined && to <= from) return refuse({ code: 'period_empty' });
  return ok({ from, to });
}

/** @param asked days in Beijing, each of which will be answered. */
export function daysOf(asked: Readonly<{ from: string; to: string }>): Result<Days, DaysRefusal> {
  const days = { from: validDay(asked.from), to: validDay(asked.to) };
  if (days.to <= days.from) return refuse({ code: 'period_empty' });
  return days.to - days.from > MOST_DAYS ? refuse({ code: 'period_too_long' }) : ok(days);
}

const firstMoment = (text: string | undefined): Date | undefined =>
  text === undefined ? undefined : startOf(validDay(text));

/** @throws Error on a text that was not validated first. */
export function validDay(text: string): Day {
  const day = parseDay(text);
  if (day === undefined) throw new Error('unvalidated day');
  return day;
}
