import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { notePid, ownFolder, sweepLeftovers } from './leftovers.js';

const made: string[] = [];
const started: ChildProcess[] = [];
afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  await Promise.all(made.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

/** Stands in for a server: it runs until it is ended, with `argument` in its command line. */
function server(argument: string): ChildProcess {
  const child = spawn('sh', ['-c', 'while :; do sleep 1000; done', argument], { stdio: 'ignore' });
  started.push(child);
  return child;
}

const deadPid = (): number => spawnSync('true').pid;

function leftFolder(owner: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-own-spec-'));
  made.push(folder);
  writeFileSync(join(folder, 'pids'), `${owner}\n`);
  return folder;
}

it('ends and removes what a dead run left', async () => {
  const folder = leftFolder(deadPid());
  const left = server(folder);
  await notePid(folder, left.pid ?? 0);

  await sweepLeftovers();

  if (left.signalCode === null) await once(left, 'exit');
  expect([left.signalCode, existsSync(folder)]).toEqual(['SIGKILL', false]);
});

it('leaves alone whose owner lives', async () => {
  const folder = await ownFolder('spec');
  made.push(folder);
  const own = server(folder);
  await notePid(folder, own.pid ?? 0);

  await sweepLeftovers();

  expect([own.signalCode, existsSync(folder)]).toEqual([null, true]);
});

it('leaves alone a stranger that has the pid by now', async () => {
  const folder = leftFolder(deadPid());
  const stranger = server('of somebody else');
  await notePid(folder, stranger.pid ?? 0);

  await sweepLeftovers();

  expect(existsSync(folder)).toBe(false);
  stranger.kill('SIGTERM');
  if (stranger.signalCode === null) await once(stranger, 'exit');
  expect(stranger.signalCode).toBe('SIGTERM'); // ours, not the sweep's
});
