import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

const main = join(import.meta.dirname, '../../dist/bench/main.js');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hutong-bench-spec-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('measures one hop against bare kafkajs, prints a table and writes the figures', async () => {
  const file = join(folder, 'hops.json');

  const { stdout } = await promisify(execFile)(
    process.execPath,
    [main, 'hops', '--runs', '1', '--json', file],
    { timeout: 240_000, env: { ...process.env, NODE_OPTIONS: '' } },
  );

  expect(stdout).toMatch(/^hops: one run, on /);
  const figure = (metric: string, unit: string) =>
    expect.objectContaining({ metric, unit, value: expect.any(Number), aim: null, met: null });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    name: 'hops',
    machine: {
      cores: expect.any(Number),
      memory: expect.any(Number),
      node: process.versions.node,
      kafka: expect.any(String),
      postgres: expect.stringMatching(/^18/),
    },
    runs: 1,
    results: [
      figure('bare kafkajs, p50', 'ms'),
      figure('bare kafkajs, p95', 'ms'),
      figure('one hop, p50', 'ms'),
      figure('one hop, p95', 'ms'),
      figure('one hop / bare, p50', 'times'),
      figure('one hop / bare, p95', 'times'),
      expect.objectContaining({ metric: 'idle consumer', aim: '≤ 2', met: expect.any(Boolean) }),
    ],
  });
}, 250_000);
