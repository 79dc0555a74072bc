import type { AdoptionInstrument } from '../posting/leaf.js';
import { kindsOf } from '../posting/leaf.js';
import { instrumentCode } from '../posting/codes.js';
import type { Day } from '../posting/day.js';
import type { Entity } from '../adoption/entity.js';
import type { Window } from '../adoption/window.js';
import type { Days } from '../operator-api/period.js';

/** One payment, as far as it makes a payer and a merchant. */
export type Activity = Readonly<{
  platform: string;
  /** Of `instrumentCode`, or a number that was never given out. */
  instrument: number;
  day: Day;
}> &
  Readonly<Record<Entity, string>>;

export type Scope = Readonly<{
  entity: Entity;
  instrument: AdoptionInstrument;
  platform?: string;
}>;

/**
 * How many different ones were active in the window that ends with each day, by going through the
 * days and asking each member when it was last seen: nothing of the query is in it.
 */
export function countByHand(
  activities: readonly Activity[],
  { entity, instrument, platform }: Scope,
  { days, windows }: Readonly<{ days: Days; windows: readonly Window[] }>,
): ReadonlyMap<Window, readonly number[]> {
  const codes = kindsOf(instrument).map((kind) => instrumentCode[kind]);
  const own = activities.filter(
    (one) =>
      (platform === undefined || one.platform === platform) &&
      (instrument === 'any' || codes.includes(one.instrument)),
  );
  const byDay = Map.groupBy(own, ({ day }) => day);
  const lastSeen = new Map<string, number>();
  const counts = new Map(windows.map((window) => [window, [] as number[]]));
  for (let day = days.from; day < days.to; day = (day + 1) as Day) {
    for (const one of byDay.get(day) ?? []) lastSeen.set(`${one.platform} ${one[entity]}`, day);
    for (const [window, series] of counts) {
      if (window === 'cumulative') series.push(lastSeen.size);
      else series.push([...lastSeen.values()].filter((last) => last > day - window).length);
    }
  }
  return counts;
}
