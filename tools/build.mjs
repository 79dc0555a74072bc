// Compiles every package to its dist. Plain JavaScript on purpose: it runs before anything is built.
import fs, { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/**
 * Arguments of `tsc`, run in `at`, that bring every package's dist up to date, the services' among them; or
 * only those of `wanted` projects and of what they stand on, whatever else cannot be compiled.
 */
export function buildArguments(at = root, wanted = undefined) {
  const projects = fs.globSync('{apps/*,libs/*,tools}/tsconfig.lib.json', { cwd: at });
  for (const project of projects) forgetHalfBuilt(join(at, project, '..'));
  return ['--build', ...(wanted ?? projects)];
}

/**
 * tsc believes what it noted of its last build, and does not look whether the files are still there:
 * a package that lacks one is built from nothing.
 */
function forgetHalfBuilt(folder) {
  const { include, exclude } = JSON.parse(readFileSync(join(folder, 'tsconfig.lib.json'), 'utf8'));
  const sources = fs.globSync(include, { cwd: folder, exclude });
  const lacking = sources
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .some((path) => !existsSync(join(folder, path.replace(/^src/, 'dist').replace(/ts$/, 'js'))));
  if (lacking) rmSync(join(folder, 'dist'), { recursive: true, force: true });
}
