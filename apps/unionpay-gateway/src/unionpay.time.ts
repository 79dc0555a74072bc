const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** UnionPay's clock is Beijing's, at its constant offset, whatever zone we run in. */
const BEIJING_OFFSET_MS = 8 * HOUR_MS;
/** A settlement day ends an hour before its date does. */
const ENDS_EARLY_MS = HOUR_MS;

/** `20261124161500`. */
export const beijingDigits = (at: Date): string =>
  new Date(at.getTime() + BEIJING_OFFSET_MS).toISOString().replaceAll(/\D/g, '').slice(0, 14);

/** The moment that was written so; undefined if it is none. */
export function fromBeijing(digits: string | undefined): Date | undefined {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits ?? '') ?? [];
  if (s === undefined) return undefined;
  const at = new Date(`${y}-${mo}-${d}T${h}:${mi}:${s}+08:00`);
  return Number.isNaN(at.getTime()) || beijingDigits(at) !== digits ? undefined : at;
}

/**
 * When something happened that is told as `MMDDhhmmss`, without its year: the time of that writing which
 * is nearest to when it was asked for, since New Year may lie between the two.
 * @param txnTime `YYYYMMDDhhmmss`. @returns undefined if either is no time.
 */
export function tracedAt(traceTime: string | undefined, txnTime: string): Date | undefined {
  const asked = fromBeijing(txnTime);
  if (asked === undefined) return undefined;
  const year = Number(txnTime.slice(0, 4));
  const distanceMs = (at: Date) => Math.abs(at.getTime() - asked.getTime());
  return [year - 1, year, year + 1]
    .flatMap((one) => fromBeijing(`${one}${traceTime}`) ?? [])
    .toSorted((a, b) => distanceMs(a) - distanceMs(b))[0];
}

/** How long ago something was asked for. @param txnTime which is a part of its name. */
export const ageMs = (txnTime: string | undefined, now: Date): number =>
  now.getTime() - (fromBeijing(txnTime)?.getTime() ?? 0);

/** A number for each settlement day, from 23:00 in Beijing to 23:00; the next one's is greater by one. */
export const settlementDay = (at: Date): number =>
  Math.floor((at.getTime() + BEIJING_OFFSET_MS + ENDS_EARLY_MS) / DAY_MS);
