import { ok, refuse, type Result } from '@hutong/result';
import { parseDay, startOf } from '../posting/day.js';

/** From its first moment up to and without its last; open where a side is not given. */
export type Period = Readonly<{ from: Date | undefined; to: Date | undefined }>;

export type PeriodRefusal = Readonly<{ code: 'period_empty' }>;

/** @param asked days in Beijing: `to` is the first day that is not meant any more. */
export function periodOf(
  asked: Readonly<{ from?: string; to?: string }>,
): Result<Period, PeriodRefusal> {
  const from = firstMoment(asked.from);
  const to = firstMoment(asked.to);
  if (from !== undefined && to !== undefined && to <= from) return refuse({ code: 'period_empty' });
  return ok({ from, to });
}

/** @throws Error on a text that was not validated first. */
function firstMoment(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const day = parseDay(text);
  if (day === undefined) throw new Error('unvalidated day');
  return startOf(day);
}
