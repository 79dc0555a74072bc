const BEIJING_OFFSET_MS = 8 * 60 * 60_000;

/** `2026-11-24 16:15:00`: Alipay's clock is Beijing's, at its constant offset, whatever zone we run in. */
export const beijingTime = (at: Date): string =>
  new Date(at.getTime() + BEIJING_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');

/** The moment that Alipay wrote so; undefined if it is none. */
export function fromBeijing(text: string | undefined): Date | undefined {
  const [, day, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d{1,3})?$/.exec(text ?? '') ?? [];
  if (day === undefined || time === undefined) return undefined;
  const at = new Date(`${day}T${time}+08:00`);
  return Number.isNaN(at.getTime()) || beijingTime(at) !== `${day} ${time}` ? undefined : at;
}
