import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Licensed } from './licences.js';

type Locked = Readonly<{
  version?: string;
  license?: unknown;
  /** One of ours, where the workspace has it. */
  link?: boolean;
}>;

/**
 * Every package that the lock file names, those for other machines too. What it says of licences is taken
 * from there; npm leaves out what packages write in an older way, which is read in the package itself.
 * @param root the repository. @throws Error if there is no lock file.
 */
export function lockedPackages(root: string): Licensed[] {
  const lock = read(join(root, 'package-lock.json')) as { packages: Record<string, Locked> };
  return Object.entries(lock.packages)
    .filter(([path, { link }]) => path.includes('node_modules/') && link !== true)
    .map(([path, { version = '', license }]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      licence: license ?? saidBy(join(root, path, 'package.json')),
    }));
}

function saidBy(file: string): unknown {
  if (!existsSync(file)) return undefined;
  const said = read(file) as { license?: unknown; licenses?: unknown };
  return said.license ?? said.licenses;
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
