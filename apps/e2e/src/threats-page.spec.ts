import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { testsIn } from './tests-in.examples.js';

const root = join(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** One line of a table on the page: what is threatened, and the test that shows what holds it. */
type Threat = Readonly<{ threat: string; file: string; test: string }>;

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

const threatsOn = (page: string): Threat[] =>
  page
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[ :|-]+\|$/.test(line))
    .map(cellsOf)
    .filter(([first]) => first !== 'threat')
    .map(([threat = '', , shown = '']) => {
      const [, file = '', test = ''] = /^`([^`]+)` › (.+)$/.exec(shown) ?? [];
      return { threat, file, test };
    });

const isThere = ({ file, test }: Threat): boolean =>
  test !== '' &&
  existsSync(join(root, file)) &&
  testsIn(read(file)).some(({ title }) => title.startsWith(test));

describe('the page on threats', () => {
  const page = read('docs/threats.md');

  it('names no test that is not there', () => {
    expect(threatsOn(page).filter((threat) => !isThere(threat))).toEqual([]);
  });

  it('has something for every surface', () => {
    const surfaces = page.split(/^## /m).slice(1);
    expect(surfaces.map((text) => text.split('\n')[0])).toEqual([
      'API keys',
      "Operators' tokens",
      'Notification endpoints',
      'Shared links',
      'Webhooks',
      'Sealed fields',
      'The broker',
      'Injection',
      'Large and slow clients',
      'What others wrote',
    ]);
    for (const text of surfaces) expect(threatsOn(text).length).toBeGreaterThan(2);
  });

  it.each([
    ['a file that is gone', '| a | b | `apps/gone.spec.ts` › open nothing |'],
    [
      'a test that is gone',
      '| a | b | `libs/http/src/http-limits.spec.ts` › costs nobody a thing |',
    ],
    ['no test at all', '| a | b | nobody looked |'],
    ['a test of no name', '| a | b | `libs/http/src/http-limits.spec.ts` ›  |'],
  ])('is not believed with %s', (_, line) => {
    expect(threatsOn(line).map(isThere)).toEqual([false]);
  });
});
