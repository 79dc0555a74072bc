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

/** A figure that should not be above a limit. */
export const atMost = (limit: number, metric: string, value: number, unit: string): Result => ({
  metric,
  value: rounded(value),
  unit,
  aim: `≤ ${limit}`,
  met: value <= limit,
});

/** The value below which that share of them lies: of 0.5 the median. @throws Error if there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (found === undefined) throw new Error('nothing was measured');
  return found;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

const rounded = (value: number): number => Number(value.toPrecision(4));
