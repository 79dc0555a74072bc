import { formatDay } from '../posting/day.js';
import type { Launch, Part, Series } from './adoption.repository.js';
import type { GrowthView, PartView, SeriesView } from './adoption.wire.js';
import type { Days } from '../operator-api/period.js';

/** `part` of `whole`; null of nobody, which is no share and no growth. */
export const ratioOf = (part: number, whole: number): number | null =>
  whole === 0 ? null : part / whole;

export const partView = ({ uniques, among }: Part): PartView => ({
  uniques,
  among,
  share: ratioOf(uniques, among),
});

export const seriesView = (series: Series): Pick<SeriesView, 'day' | 'uniques'> => ({
  day: series.map(({ day }) => formatDay(day)),
  uniques: series.map(({ uniques }) => uniques),
});

/** @param launch undefined if nobody was active ever: then nothing has grown. */
export const growthView = (
  series: Series,
  launch: Launch | undefined,
): Pick<GrowthView, 'day' | 'uniques' | 'launch' | 'growth'> => ({
  ...seriesView(series),
  ...(launch !== undefined && { launch: launchView(launch) }),
  growth: series.map(({ uniques }) => ratioOf(uniques, launch?.uniques ?? 0)),
});

const launchView = ({ days, uniques }: Readonly<{ days: Days; uniques: number }>) => ({
  from: formatDay(days.from),
  to: formatDay(days.to),
  uniques,
});
