import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { answerAtOnce as bench } from './bench/options.js';
import { answerTo, readOptions, UsageError } from './command-line.js';
import { answerAtOnce as docs } from './docs/options.js';
import { answerAtOnce as k8s } from './k8s/options.js';

const root = join(import.meta.dirname, '../..');

type Answered = Readonly<{ args: string[]; exitCode: number; text: string | RegExp }>;

describe('what is answered before anything is built', () => {
  const unknown = "Unknown option '--chekc'.";
  it.each<Answered & { command: string; ask: typeof docs }>([
    { command: 'docs', ask: docs, args: ['--chekc'], exitCode: 2, text: unknown },
    { command: 'docs', ask: docs, args: ['--help'], exitCode: 0, text: /^npm run docs / },
    { command: 'k8s', ask: k8s, args: ['--chekc'], exitCode: 2, text: unknown },
    { command: 'k8s', ask: k8s, args: ['--help'], exitCode: 0, text: /^npm run k8s / },
    { command: 'bench', ask: bench, args: ['hops', '--chekc'], exitCode: 2, text: unknown },
    { command: 'bench', ask: bench, args: ['hops', '--runs', '0'], exitCode: 2, text: '1 to 999' },
    { command: 'bench', ask: bench, args: [], exitCode: 2, text: 'There is: hops' },
    { command: 'bench', ask: bench, args: ['--help'], exitCode: 0, text: / {2}hops {9}one hop / },
  ])('$command $args', ({ ask, args, exitCode, text }) => {
    const answer = ask(args);
    expect(answer?.exitCode).toBe(exitCode);
    expect(answer?.text).toMatch(text);
  });

  it.each([
    ['docs', docs([])],
    ['docs --check', docs(['--check'])],
    ['k8s --check', k8s(['--check'])],
    ['bench hops', bench(['hops', '--runs', '3'])],
  ])('has nothing to say about %s', (_, answer) => {
    expect(answer).toBeUndefined();
  });

  it('leaves to others what is no mistake of whoever typed it', () => {
    const fault = new Error('disk on fire');
    const read = () => {
      throw fault;
    };
    expect(() => answerTo('usage', read)).toThrow(fault);
  });

  it('tells of scripts that are there', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    for (const command of ['bench', 'demo', 'docs', 'k8s']) {
      expect(scripts[command]).toBe(`node tools/run.mjs ${command}`);
      expect(() => readOptions(command, ['--none'], {})).toThrow(UsageError);
    }
  });

  /** Without a folder to compile to: what is answered comes before that. */
  it.each(['bench', 'docs', 'k8s'])('is asked of %s by its script', (command) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['tools/run.mjs', command, '--chekc'],
      { cwd: root, encoding: 'utf8', env: { PATH: process.env['PATH'] }, timeout: 10_000 },
    );
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      `Unknown option '--chekc'. npm run ${command} -- --help says what there is.\n`,
    );
  });
});
