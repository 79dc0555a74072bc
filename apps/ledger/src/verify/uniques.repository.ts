import type { Sql } from '@hutong/database';
import { Adoption } from '../adoption/adoption.repository.js';
import { ENTITIES } from '../adoption/entity.js';
import type { Window } from '../adoption/window.js';
import type { Days } from '../operator-api/period.js';
import { formatDay, startOf, type Day } from '../posting/day.js';
import { ADOPTION_INSTRUMENTS } from '../posting/leaf.js';
import { readActivities } from './activities.repository.js';
import { countByHand, type Activity, type Scope } from './brute-force.js';
import type { Damage } from './damage.js';

const WINDOWS: readonly Window[] = [1, 7, 30, 'cumulative'];

/** Counts by hand what queries answer: each day of every window, of every scope, and the whole period. */
export async function firstUniqueMismatch(db: Sql): Promise<Damage | undefined> {
  const activities = await readActivities(db);
  const days = daysOfAll(activities);
  if (days === undefined) return undefined;
  const adoption = new Adoption(db);
  for (const scope of scopesOf(activities)) {
    const byHand = countByHand(activities, scope, { days, windows: WINDOWS });
    for (const [window, expected] of byHand) {
      const answered = await adoption.series(scope, days, window);
      const wrong = expected.findIndex((uniques, index) => answered[index]?.uniques !== uniques);
      if (wrong >= 0) {
        const day = formatDay((days.from + wrong) as Day);
        const found = `${answered[wrong]?.uniques} are answered, ${expected[wrong]} are there`;
        return mismatch(scope, `window ${window} on ${day}`, found);
      }
    }
    const period = { from: startOf(days.from), to: startOf(days.to) };
    const range = await adoption.uniques({ ...scope, period });
    const there = byHand.get('cumulative')?.at(-1);
    if (range !== there) {
      return mismatch(scope, 'all days', `${range} are answered, ${there} are there`);
    }
  }
  return undefined;
}

const mismatch = (
  { entity, instrument, platform = 'any platform' }: Scope,
  when: string,
  found: string,
): Damage => ({
  error: 'UniqueMismatch',
  key: `${entity} ${instrument} ${platform}, ${when}`,
  found,
});

function daysOfAll(activities: readonly Activity[]): Days | undefined {
  const [first, ...others] = activities.map(({ day }) => day);
  if (first === undefined) return undefined;
  const from = others.reduce((low, day) => (day < low ? day : low), first);
  const last = others.reduce((high, day) => (day > high ? day : high), first);
  return { from, to: (last + 1) as Day };
}

function scopesOf(activities: readonly Activity[]): readonly Scope[] {
  const platforms = [...new Set(activities.map(({ platform }) => platform))].toSorted();
  return ENTITIES.flatMap((entity) =>
    ADOPTION_INSTRUMENTS.flatMap((instrument) => [
      { entity, instrument },
      ...platforms.map((platform) => ({ entity, instrument, platform })),
    ]),
  );
}
