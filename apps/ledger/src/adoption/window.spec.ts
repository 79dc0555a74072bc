import { expect, it } from '@jest/globals';
import { parseWindow, windowAsked } from './window.js';

it.each([
  ['1', 1],
  ['30', 30],
  ['3650', 3_650],
  ['3651', undefined],
  ['cumulative', 'cumulative'],
  ['0', undefined],
  ['-1', undefined],
  ['07', undefined],
  ['1.5', undefined],
  ['', undefined],
  ['ever', undefined],
])('a window of %j is %j', (text, window) => {
  expect(parseWindow(text)).toBe(window);
});

it('is thirty days where none is asked for', () => {
  expect([windowAsked(undefined), windowAsked('7')]).toEqual([30, 7]);
});
