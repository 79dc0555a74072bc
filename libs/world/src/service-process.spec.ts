import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import { Reaper } from './reaper.js';
import { ServiceProcess, type UnexpectedEnd } from './service-process.js';

const reapers: Reaper[] = [];
afterEach(async () => {
  for (const reaper of reapers.splice(0)) await reaper[Symbol.asyncDispose]();
});

/** A process that says `up` and does this, and what was told of its end. */
function start(program: string) {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-process-spec-'));
  const main = join(folder, 'main.mjs');
  writeFileSync(main, `console.log('up');\n${program}`);
  const reaper = Reaper.start(folder);
  reapers.push(reaper);
  const readyUrl = new URL('http://127.0.0.1:9/');
  const process = ServiceProcess.start({ name: 'shop', main, env: {}, readyUrl }, folder, reaper);
  const told: UnexpectedEnd[] = [];
  process.onUnexpectedEnd((end) => told.push(end));
  return { process, told };
}
const UNTIL_KILLED = 'setInterval(() => undefined, 1_000);';
const isUp = (process: ServiceProcess) =>
  eventually(() => process.log().includes('up'), { what: 'the process to be up' });

it('tells of a process that was killed by somebody else, with the end of its log', async () => {
  const { process, told } = start(UNTIL_KILLED);
  await isUp(process);

  process.signal('SIGKILL');

  await eventually(() => told.length > 0, { what: 'its end to be told' });
  expect(told).toEqual([{ name: 'shop', how: 'signal SIGKILL', tail: 'up' }]);
});

it('tells of a process that exited by itself, also to one that asks later', async () => {
  const { process, told } = start('process.exitCode = 3;');
  const later: UnexpectedEnd[] = [];

  await eventually(() => told.length > 0, { what: 'its end to be told' });
  process.onUnexpectedEnd((end) => later.push(end));

  expect(told).toEqual([{ name: 'shop', how: 'exit code 3', tail: 'up' }]);
  expect(later).toEqual(told);
});

it.each(['stop', 'kill'] as const)('tells nothing of a process after %s', async (way) => {
  const { process, told } = start(UNTIL_KILLED);
  await isUp(process);

  await process[way]();

  expect(process.exited).toBe(true);
  expect(told).toEqual([]);
});
