import { expect, it } from '@jest/globals';
import { done, hold, isDisposition, park } from './disposition.js';

it.each<[value: unknown, answers: boolean]>([
  [done, true],
  [hold, true],
  [park('not of this ring'), true],
  [{ kind: 'park' }, false],
  [{ kind: 'park', reason: 7 }, false],
  [{ kind: 'later' }, false],
  [undefined, false],
  [null, false],
  ['done', false],
  [true, false],
])('%j is an answer: %s', (value, answers) => {
  expect(isDisposition(value)).toBe(answers);
});
