/** What a bench found. Every bench of this project writes this shape. */
export type BenchReport = Readonly<{
  name: string;
  machine: Machine;
  /** How often everything was measured, in turns. */
  runs: number;
  results: readonly Result[];
}>;

export type Machine = Readonly<{
  cores: number;
  /** Bytes. */
  memory: number;
  node: string;
  kafka: string;
  postgres: string;
}>;

export type Result = Readonly<{
  metric: string;
  value: number;
  unit: string;
  /** As a person would say it; null where a figure is reported and no more. */
  aim: string | null;
  met: boolean | null;
}>;

/** A figure that is reported and no more. */
export const reported = (metric: string, value: number, unit: string): Result => ({
  metric,
  value: rounded(value),
  unit,
  aim: null,
  met: null,
});

/** What a figure should be; what it should be after that is said, and not judged by. */
export type Aim = Readonly<{ sign: '≤' | '≥'; limits: readonly [number, ...number[]] }>;

/** A figure with an aim. */
export const aimed = (
  { sign, limits }: Aim,
  metric: string,
  value: number,
  unit: string,
): Result => ({
  metric,
  value: rounded(value),
  unit,
  aim: limits.map((limit) => `${sign} ${limit}`).join(', then '),
  met: sign === '≤' ? value <= limits[0] : value >= limits[0],
});

/** A figure that should not be above a limit. */
export const atMost = (limit: number, metric: string, value: number, unit: string): Result =>
  aimed({ sign: '≤', limits: [limit] }, metric, value, unit);

/** The value below which that share of them lies: of 0.5 the median. @throws Error if there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (found === undefined) throw new Error('nothing was measured');
  return found;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** What is measured twice without a change differs by this much: a change that moves less is none. */
export type Spread = Readonly<{ least: number; most: number }>;

/** @throws Error if there are none. */
export const spreadOf = (values: readonly number[]): Spread => ({
  least: quantile(values, 0),
  most: quantile(values, 1),
});

/** A figure that should not be above what the same thing measured without a change. */
export const inside = (
  { least, most }: Spread,
  metric: string,
  value: number,
  unit: string,
): Result => ({
  ...aimed({ sign: '≤', limits: [most] }, metric, value, unit),
  aim: `inside ${rounded(least)} to ${rounded(most)}`,
});

const rounded = (value: number): number => Number(value.toPrecision(4));
