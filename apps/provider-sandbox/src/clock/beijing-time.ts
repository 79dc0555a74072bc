const OFFSET_MS = 8 * 60 * 60 * 1_000;

/** `2026-11-24T16:00:00+08:00`: Beijing has no summer time, so the offset is a constant. */
export const beijingTime = (at: Date): string =>
  `${new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 19)}+08:00`;

/** `20261124`, the day it is in Beijing. */
export const beijingDay = (at: Date): string => beijingTime(at).slice(0, 10).replaceAll('-', '');

/** `2026-11-24 16:00:00`. */
export const beijingStamp = (at: Date): string => beijingTime(at).slice(0, 19).replace('T', ' ');

/** @returns `undefined` for what is no such moment: `2026-02-30 00:00:00` too. */
export function parseBeijingStamp(text: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return undefined;
  const at = new Date(`${text.replace(' ', 'T')}+08:00`);
  return Number.isNaN(at.getTime()) || beijingStamp(at) !== text ? undefined : at;
}
