import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../command-line.js';
import { demoOptions } from './options.js';
import { yuan } from './print.js';
import { Progress, StepFailed } from './progress.js';

describe('the progress of a demo', () => {
  it('notes each step that was done, and answers what it gave', async () => {
    const lines: string[] = [];
    const progress = new Progress((line) => lines.push(line));

    expect(await progress.step('one', async () => 42)).toBe(42);

    expect(lines).toEqual([expect.stringMatching(/^ +\d+\.\d s {2}one$/)]);
    expect(progress.steps).toEqual([{ name: 'one', doneAtSeconds: expect.any(Number) }]);
  });

  it('names the step that failed, with what happened', async () => {
    const progress = new Progress(() => undefined);
    const cause = new Error('nobody answers');

    const failed = progress.step('the ledger has booked it', () => Promise.reject(cause));

    await expect(failed).rejects.toThrow(StepFailed);
    await expect(failed).rejects.toMatchObject({ step: 'the ledger has booked it', cause });
    await expect(failed).rejects.toThrow('the ledger has booked it: nobody answers');
    expect(progress.steps).toEqual([]);
  });
});

describe('the options of the demo', () => {
  type Row = { args: string[]; options: object };
  it.each<Row>`
    args                              | options
    ${[]}                             | ${{ once: false, story: false, payments: 3000, json: undefined, help: false }}
    ${['--once', '--json', 'a.json']} | ${{ once: true, story: false, payments: 3000, json: 'a.json', help: false }}
    ${['--story']}                    | ${{ once: false, story: true, payments: 3000, json: undefined, help: false }}
    ${['--payments', '7']}            | ${{ once: false, story: false, payments: 7, json: undefined, help: false }}
    ${['--help']}                     | ${{ once: false, story: false, payments: 3000, json: undefined, help: true }}
  `('are read from $args', ({ args, options }) => {
    expect(demoOptions(args)).toEqual(options);
  });

  it.each([
    ['--onec'],
    ['now'],
    ['--json'],
    ['--once=yes'],
    ['--payments=0'],
    ['--payments=1e3'],
    ['--payments=100001'],
  ])('refuse %s', (wrong) => {
    expect(() => demoOptions([wrong])).toThrow(UsageError);
    expect(() => demoOptions([wrong])).toThrow('npm run demo -- --help says what there is.');
  });
});

it.each([
  ['12800', '¥128.00'],
  ['-12723', '-¥127.23'],
  ['7', '¥0.07'],
  ['0', '¥0.00'],
  ['123456789012345678', '¥1234567890123456.78'],
])('prints %s fen as %s', (minor, text) => {
  expect(yuan({ currency: 'CNY', minor })).toBe(text);
});
