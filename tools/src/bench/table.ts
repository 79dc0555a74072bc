import type { BenchReport, Result } from './figures.js';

const GIB = 1024 ** 3;

/** A report for people: the machine in a line, then a figure a line. */
export function tableOf({ name, machine, runs, results }: BenchReport): string {
  const { cores, memory, node, kafka, postgres } = machine;
  const rows = results.map(({ metric, value, unit, aim, met }) => [
    metric,
    `${value}`,
    unit,
    aim ?? '',
    verdictOf(met),
  ]);
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [
    `${name}: ${runs === 1 ? 'one run' : `compared by medians of ${runs} runs in turns`}, on ${cores} cores with ${(memory / GIB).toFixed(0)} GiB, ` +
      `Node ${node}, Kafka ${kafka}, PostgreSQL ${postgres}`,
    ...rows.map((row) =>
      row
        .map((cell, i) => (i === 1 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    ),
  ].join('\n');
}

const verdictOf = (met: Result['met']): string => (met === null ? '' : met ? 'met' : 'MISSED');
