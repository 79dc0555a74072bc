import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../k8s/repository.js';
import { MUTANTS } from './catalogue.js';
import { mutated, type Mutant } from './mutant.js';
import { answerAtOnce, mutantOptions } from './options.js';

const source = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('the mutants', () => {
  it.each(MUTANTS.map((mutant): [string, Mutant] => [mutant.name, mutant]))(
    '%s still has its place in the sources, and specs to notice it',
    (_, mutant) => {
      const before = source(mutant.file);
      expect(mutated(before, mutant)).not.toBe(before);
      expect(mutant.specs.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    },
  );

  it('take away everything that the promises rest on', () => {
    expect(MUTANTS.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'inbox',
        'outbox',
        'fencing',
        'winner',
        'quarantine',
        'query-before-close',
        'producer-discard',
      ]),
    );
  });

  it.each([
    ['nowhere', 'b', 0],
    ['twice', 'a', 2],
  ])('cannot replace what stands %s', (_, before, times) => {
    const mutant = { name: 'm', loses: '', file: 'f.ts', before, after: '', specs: [] };
    expect(() => mutated('a a', mutant)).toThrow(
      `mutant m: what it replaces stands ${times} times in f.ts`,
    );
  });

  it('replaces by the very text, whatever it holds', () => {
    const mutant = { name: 'm', loses: '', file: 'f.ts', before: 'a', after: '$&', specs: [] };
    expect(mutated('(a)', mutant)).toBe('($&)');
  });

  it('are all let loose, or those that are named', () => {
    expect(mutantOptions([]).mutants).toEqual(MUTANTS);
    const some = mutantOptions(['--only', 'inbox', '--only', 'winner']).mutants;
    expect(some.map(({ name }) => name)).toEqual(['inbox', 'winner']);
    expect(answerAtOnce(['--only', 'nobody'])).toMatchObject({ exitCode: 2 });
    expect(answerAtOnce(['--help'])?.text).toContain('producer-discard');
  });
});
