import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BenchReport } from './figures.js';

const main = join(import.meta.dirname, '../../dist/bench/main.js');
/** A minute and a half of a machine that has nothing else to do. */
const WITHIN_MS = 840_000;

/** Of a shell's broker others may have members: a ring wants one of its own. */
const environment = (): NodeJS.ProcessEnv => {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('HUTONG_TEST_'));
  return { ...Object.fromEntries(own), NODE_OPTIONS: '' };
};

let folder: string;
let said: string;
let reports: readonly BenchReport[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hutong-bench-spec-'));
  const file = join(folder, 'all.json');
  const args = [main, 'all', '--quick', '--json', file];
  const run = { timeout: WITHIN_MS, env: environment() };
  ({ stdout: said } = await promisify(execFile)(process.execPath, args, run));
  reports = JSON.parse(readFileSync(file, 'utf8')) as BenchReport[];
}, WITHIN_MS + 10_000);

afterAll(() => rmSync(folder, { recursive: true }));

const metricsOf = (bench: string): string[] =>
  reports.find(({ name }) => name === bench)?.results.map(({ metric }) => metric) ?? [];

describe('all benches, as short as can be', () => {
  it('print a table each, and write their figures in one shape', () => {
    const names = ['hops', 'ring', 'isolation', 'scale'];
    for (const name of names) expect(said).toMatch(new RegExp(`^${name}: one run, on `, 'm'));
    expect(reports.map(({ name }) => name)).toEqual(names);
    for (const { machine, runs, results } of reports) {
      expect({ machine, runs }).toEqual({
        machine: {
          cores: expect.any(Number),
          memory: expect.any(Number),
          node: process.versions.node,
          kafka: expect.any(String),
          postgres: expect.stringMatching(/^18/),
        },
        runs: 1,
      });
      for (const result of results) {
        expect(result).toMatchObject({
          metric: expect.stringMatching(/./),
          value: expect.any(Number),
          unit: expect.stringMatching(/./),
        });
      }
    }
  });

  it.each<{ bench: string; metrics: string[] }>`
    bench          | metrics
    ${'hops'}      | ${['one hop / bare, p50', 'idle consumer']}
    ${'ring'}      | ${['POST /payments to offer / bare, p50', 'choose to action / bare, p50']}
    ${'ring'}      | ${['highest throughput', 'CPU of checkout, in the long run']}
    ${'ring'}      | ${['idle CPU of ledger, at rest', 'memory of ledger, after the long run']}
    ${'ring'}      | ${['memory of routing, second half of the long run']}
    ${'isolation'} | ${['all the way round, p99, A/A', 'all the way round, p99, wechat answers late']}
    ${'scale'}     | ${['throughput, 3 instances / one', 'no progress, an instance less, worst']}
  `('$bench says $metrics', ({ bench, metrics }) => {
    expect(metricsOf(bench)).toEqual(expect.arrayContaining(metrics));
  });

  it('have a process to show for every service', () => {
    const names = ['checkout', 'routing', 'ledger', 'wechat-gateway', 'kafka', 'postgres'];
    const idle = names.map((name) => `idle CPU of ${name}, at rest`);

    expect(metricsOf('ring')).toEqual(expect.arrayContaining(idle));
  });
});
