import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { brokerAnswers } from './back-end/kafka-wire.js';
import { postgresAnswers } from './back-end/postgres-answers.js';
import { eventually } from './eventually.js';
import { ownBackEnd } from './back-end/start-back-end.js';

const hooks = join(import.meta.dirname, '../jest/typescript.mjs');

/** Starts both servers and says where, then waits to be killed. */
const PARENT = `
  const { startBroker, startDatabase } = await import(process.argv[1]);
  const kind = process.argv[2];
  const report = () => undefined;
  const [broker, database] = await Promise.all([startBroker(kind, report), startDatabase(kind, report)]);
  process.stdout.write(JSON.stringify([broker.brokers[0], database.adminUrl]));
  setInterval(() => undefined, 1000);
`;

it('leaves no server and no folder behind when whoever started them is killed', async () => {
  const kind = await ownBackEnd();
  const servers = join(import.meta.dirname, 'back-end/start-servers.ts');
  const flags = ['--import', hooks, '--input-type=module', '-e', PARENT];
  const parent = spawn(process.execPath, [...flags, servers, kind], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const said: unknown[] = await once(parent.stdout, 'data');
  const [broker, adminUrl] = parsePair(String(said[0]));
  const [host = '', port = ''] = broker.split(':');
  expect(await brokerAnswers(host, Number(port))).toBe(true);
  const folders = foldersOf(parent.pid);
  expect(folders).toHaveLength(kind === 'processes' ? 2 : 0);

  parent.kill('SIGKILL');

  // The containers' reaper waits some seconds for its client to come back.
  const withinMs = kind === 'processes' ? 1_500 : 40_000;
  await eventually(async () => !(await brokerAnswers(host, Number(port))), { withinMs });
  await eventually(async () => !(await postgresAnswers(adminUrl)), { withinMs });
  await eventually(() => folders.every((name) => !readdirSync(tmpdir()).includes(name)), {
    withinMs,
    what: 'folders to be removed',
  });
});

/** Folders of servers whose first noted pid is that process. */
function foldersOf(pid: number | undefined): string[] {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith('hutong-own-'))
    .filter((name) => ownerOf(name) === pid);
}

function ownerOf(name: string): number | undefined {
  try {
    return Number(readFileSync(join(tmpdir(), name, 'pids'), 'utf8').split('\n')[0]);
  } catch {
    return undefined; // somebody else's, gone meanwhile
  }
}

function parsePair(text: string): [string, string] {
  const pair: unknown = JSON.parse(text);
  if (!Array.isArray(pair)) throw new Error(`not two addresses: ${text}`);
  return [String(pair[0]), String(pair[1])];
}
