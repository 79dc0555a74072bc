import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { licenceProblems, lookedAt } from './licences.js';
import { lockedPackages } from './locked-packages.js';

const root = join(import.meta.dirname, '../../..');

const stage = new URL('../image/stage.mjs', import.meta.url).href;

/** Names of the packages in an app's image, by what makes images: plain JavaScript, which it runs as. */
const shippedWith = (app: string): string[] =>
  execFileSync(process.execPath, [
    ...['--input-type=module', '--eval'],
    `import { closureOf } from '${stage}';
     for (const place of closureOf('${app}')) console.log(place);`,
  ])
    .toString()
    .split('\n')
    .map((place) => basename(place));

describe('what others wrote', () => {
  it('is under a licence that lets everybody use it', () => {
    const packages = lockedPackages(root);
    expect(packages.length).toBeGreaterThan(500);
    expect(licenceProblems(packages)).toEqual([]);
  });

  it('is still there where it was looked at by itself', () => {
    const there = lockedPackages(root).map(({ name }) => name);
    expect(lookedAt().filter((name) => !there.includes(name))).toEqual([]);
  });

  it('is in no image where it was looked at by itself', () => {
    const shipped = globSync('apps/*/src/main.ts', { cwd: root }).flatMap((main) =>
      shippedWith(join(root, main, '../..')),
    );
    expect(shipped).toContain('kafkajs');
    expect(lookedAt().filter((name) => shipped.includes(name))).toEqual([]);
  });

  type Row = { licence: unknown; problem: string | undefined };
  it.each<Row>`
    licence                                           | problem
    ${'MIT'}                                          | ${undefined}
    ${'(Apache-2.0 OR MPL-1.1)'}                      | ${undefined}
    ${'Apache-2.0 AND MIT'}                           | ${undefined}
    ${'MIT and ISC'}                                  | ${undefined}
    ${['GPL-3.0-only', 'MIT']}                        | ${undefined}
    ${[{ type: 'MIT', url: 'https://license.test' }]} | ${undefined}
    ${{ type: 'BSD-3-Clause' }}                       | ${undefined}
    ${'AGPL-3.0-only'}                                | ${'AGPL-3.0-only'}
    ${'MIT AND GPL-2.0-only'}                         | ${'MIT AND GPL-2.0-only'}
    ${'MIT OR ISC AND GPL-2.0-only'}                  | ${undefined}
    ${'(MIT AND (ISC OR GPL-2.0-only))'}              | ${'(MIT AND (ISC OR GPL-2.0-only))'}
    ${'MIT-0-like'}                                   | ${'MIT-0-like'}
    ${'SEE LICENSE IN LICENSE.md'}                    | ${'SEE LICENSE IN LICENSE.md'}
    ${undefined}                                      | ${'says no licence'}
    ${[]}                                             | ${''}
    ${'UNLICENSED'}                                   | ${'UNLICENSED'}
  `('under $licence is refused by its name, or not: $problem', ({ licence, problem }) => {
    const found = licenceProblems([{ name: 'a-package', version: '1.0.0', licence }]);
    expect(found).toEqual(problem === undefined ? [] : [`a-package 1.0.0: ${problem}`]);
  });

  it('is looked at anew when its licence changes', () => {
    expect(licenceProblems([{ name: 'elkjs', version: '2.0.0', licence: 'BUSL-1.1' }])).toEqual([
      'elkjs 2.0.0: BUSL-1.1',
    ]);
  });
});
