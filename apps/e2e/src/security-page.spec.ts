import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../../..');

/** Packages with a spec that looks for canaries where none may be. */
function packagesWithCanaries(): string[] {
  const specs = globSync('{apps,libs}/*/src/**/*.spec.ts', { cwd: root });
  const looking = specs.filter((file) =>
    /canariesIn\(|not\.toContain\('?canary/.test(readFileSync(join(root, file), 'utf8')),
  );
  return [...new Set(looking.map((file) => file.split('/').slice(0, 2).join('/')))].toSorted();
}

it('the page on security names every package that looks for canaries, and no other', () => {
  const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
  const [, paragraph = ''] = /^Canaries, ([^]*?)^## /m.exec(page) ?? [];
  const named = [...paragraph.matchAll(/`((?:apps|libs)\/[\w-]+)`/g)].map(([, name]) => name);
  expect(named.toSorted()).toEqual(packagesWithCanaries());
});
