import type { Brand } from '@hutong/money';

/** A calendar day in Beijing (UTC+8, no summer time), as days since 2020-01-01: the day of provider bills. */
export type Day = Brand<number, 'Day'>;

const DAY_MS = 86_400_000;
const BEIJING_OFFSET_MS = 8 * 3_600_000;
/** 2020-01-01T00:00:00+08:00 */
const EPOCH_MS = Date.UTC(2020, 0, 1) - BEIJING_OFFSET_MS;

/** The day in Beijing on which `at` falls; negative before 2020. */
export const dayOf = (at: Date): Day => Math.floor((at.getTime() - EPOCH_MS) / DAY_MS) as Day;

/** The first moment of a day. The last one of the day before ends here. */
export const startOf = (day: Day): Date => new Date(EPOCH_MS + day * DAY_MS);

/** `2024-09-01` → the day; undefined for anything that is no day of the calendar. */
export function parseDay(text: string): Day | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const day = dayOf(new Date(`${text}T00:00:00+08:00`));
  return !Number.isNaN(day) && formatDay(day) === text ? day : undefined;
}

export const formatDay = (day: Day): string =>
  new Date(EPOCH_MS + BEIJING_OFFSET_MS + day * DAY_MS).toISOString().slice(0, 10);
