import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { postgresAnswers } from '../back-end/postgres-answers.js';
import type { OwnDatabase, Report } from '../back-end/servers.js';
import { freePorts } from '../free-ports.js';
import { ownFolder } from './leftovers.js';
import {
  canReach,
  ensureLinks,
  postgresFolder,
  unprivilegedUser,
  type User,
} from './postgres-binaries.js';
import { ServerEnded, ServerProcess } from './server-process.js';

/**
 * Room for every service of the ring twice with its pool. `wal_compression` stays off: this build has
 * only the slow method. `fsync` stays on: what specs see is what a service would.
 */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 400,
  shared_buffers: '64MB',
  wal_compression: 'off',
  fsync: 'on',
};

const INITIALISED_WITHIN_MS = 60_000;
const TRIES = 3;
const ADMIN = 'postgres';

/** A real PostgreSQL as a process. @throws Error with the end of its log if it does not start. */
export async function startPostgresProcess(report: Report): Promise<OwnDatabase> {
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      return await startOnFreePort();
    } catch (cause) {
      if (left === 0 || !(cause instanceof ServerEnded) || !/in use/i.test(cause.message))
        throw cause;
      report('postgres: the port was taken meanwhile, trying another');
    }
  }
}

async function startOnFreePort(): Promise<OwnDatabase> {
  const [port = 0] = await freePorts(1);
  const folder = await ownFolder('postgres');
  const user = unprivilegedUser();
  const password = randomBytes(18).toString('base64url');
  const adminUrl = `postgres://${ADMIN}:${password}@127.0.0.1:${port}/postgres`;
  try {
    const binaries = await reachableBinaries(folder, user);
    const data = await initialise(folder, binaries, password, user);
    const settings = Object.entries({ ...SETTINGS, port }).flatMap(([k, v]) => ['-c', `${k}=${v}`]);
    const server = await ServerProcess.start({
      name: 'postgres',
      folder,
      command: join(binaries, 'bin/postgres'),
      args: ['-D', data, ...settings],
      user,
      stopSignal: 'SIGINT', // SIGTERM would wait for the clients to leave
      reapSignal: 'QUIT',
      answers: () => postgresAnswers(adminUrl),
    });
    return Object.assign(server, { adminUrl });
  } catch (cause) {
    await rm(folder, { recursive: true, force: true });
    throw cause;
  }
}

async function reachableBinaries(folder: string, user: User | undefined): Promise<string> {
  const binaries = postgresFolder();
  if (binaries === undefined) throw new Error('no PostgreSQL for this machine among npm packages');
  ensureLinks(binaries);
  if (user === undefined || canReach(user, join(binaries, 'bin/postgres'))) return binaries;
  const copy = join(folder, 'native');
  await cp(binaries, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

async function initialise(
  folder: string,
  binaries: string,
  password: string,
  user: User | undefined,
): Promise<string> {
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user !== undefined) {
    for (const path of [folder, data, passwordFile]) await chown(path, user.uid, user.gid);
  }
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  await promisify(execFile)(
    join(binaries, 'bin/initdb'),
    [
      ...['-D', data, '-U', ADMIN, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
      ...[...locale, '--locale=C', '--no-instructions', '--no-sync'],
    ],
    { cwd: folder, timeout: INITIALISED_WITHIN_MS, ...user },
  );
  return data;
}
