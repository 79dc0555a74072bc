import { describe, expect, it } from '@jest/globals';
import { preferredWait } from './wait.js';

describe('the wait that a sender prefers', () => {
  it.each([
    ['wait=10', 10],
    ['wait=0', 0],
    ['WAIT = "7"', 7],
    ['respond-async, wait=5; foo=bar', 5],
    ['wait=31', 30],
    ['wait=999999999', 30],
    ['wait=1.5', undefined],
    ['wait=-1', undefined],
    ['await=3', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of %p is %p', (header, seconds) => {
    expect(preferredWait(header)).toBe(seconds);
  });
});
