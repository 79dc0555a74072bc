import { describe, expect, it } from '@jest/globals';
import { answerAtOnce, faultOptions, USAGE } from './options.js';

const USUAL = {
  payments: 200,
  minutes: 2,
  instances: 1,
  together: 1,
  json: undefined,
  help: false,
};

describe('the fault run', () => {
  it.each<[string[], object]>([
    [[], { ...USUAL, seeds: [1] }],
    [['--seed', '7', '--payments', '500', '--minutes', '0.5'], { seeds: [7], minutes: 0.5 }],
    [['--seeds', '3..6'], { seeds: [3, 4, 5, 6] }],
    [['--seeds', '9,2,11', '--instances', '2'], { seeds: [9, 2, 11], instances: 2 }],
    [['--json', 'runs.jsonl', '--together', '4'], { json: 'runs.jsonl', together: 4 }],
  ])('takes %j', (args, options) => {
    expect(faultOptions(args)).toMatchObject(options);
    expect(answerAtOnce(args)).toBeUndefined();
  });

  it.each<[string[], RegExp]>([
    [['--seed', 'one'], /^--seed is a whole number from 0 to 4294967295, not one$/],
    [['--seed', '1', '--seeds', '1..2'], /say one of the two/],
    [['--seeds', '5..2'], /has none/],
    [['--payments', '0'], /^--payments is a whole number from 1 to 100000/],
    [['--minutes', 'long'], /^--minutes is from 0.1 to 600/],
    [['--instances', '4'], /^--instances is a whole number from 1 to 3/],
    [['--speed', '2'], /--help says what there is/],
  ])('refuses %j before anything is built', (args, why) => {
    const answer = answerAtOnce(args);
    expect(answer?.exitCode).toBe(2);
    expect(answer?.text).toMatch(why);
  });

  it('explains itself', () => {
    expect(answerAtOnce(['--help'])).toEqual({ exitCode: 0, text: USAGE });
  });
});
