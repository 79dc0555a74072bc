import { beijingTime } from '../clock/beijing-time.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Beijing has no summer time. */
const OFFSET_MS = 8 * HOUR_MS;
/** A settlement day is over an hour before its date is. */
const CLOSED_BEFORE_MIDNIGHT_MS = HOUR_MS;

/** `YYYYMMDDhhmmss`, the time it is in Beijing. */
export const beijingDigits = (at: Date): string =>
  beijingTime(at).replaceAll(/\D/g, '').slice(0, 14);

/** @returns `undefined` for what is no time: a thirteenth month, a sixtieth minute. */
export function readBeijingDigits(text: string): Date | undefined {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
  if (s === undefined) return undefined;
  const ms = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}.000+08:00`);
  if (Number.isNaN(ms)) return undefined;
  const at = new Date(ms);
  return beijingDigits(at) === text ? at : undefined;
}

/** `MMDDhhmmss`: UnionPay leaves the year to whoever reads it. */
export const traceTimeOf = (at: Date): string => beijingDigits(at).slice(4);

/** `MMDD` of the settlement day, which begins at 23:00 of the day before. */
export const settleDateOf = (at: Date): string =>
  beijingDigits(new Date(at.getTime() + CLOSED_BEFORE_MIDNIGHT_MS)).slice(4, 8);

/** A number for each settlement day, the next one's greater by one. */
export const settlementDay = (ms: number): number =>
  Math.floor((ms + OFFSET_MS + CLOSED_BEFORE_MIDNIGHT_MS) / DAY_MS);
