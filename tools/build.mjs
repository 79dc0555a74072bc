// Compiles every package to its dist. Plain JavaScript on purpose: it runs before anything is built.
import fs, { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** @returns the projects of all packages, the services' among them. */
const everything = (at) => fs.globSync('{apps/*,libs/*,tools}/tsconfig.lib.json', { cwd: at });

/** Arguments of `tsc`, run in `at`, that bring up to date what these projects compile, and all that they stand on. */
export function buildArguments(at = root, projects = everything(at)) {
  for (const project of withReferences(projects.map((path) => join(at, path)))) {
    forgetHalfBuilt(join(project, '..'));
  }
  return ['--build', ...projects];
}

function withReferences(projects) {
  const all = new Set(projects);
  // It goes on over what is added meanwhile.
  for (const project of all) {
    const { references = [] } = JSON.parse(readFileSync(project, 'utf8'));
    for (const { path } of references) all.add(join(project, '..', path));
  }
  return all;
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
