import { describe, expect, it } from '@jest/globals';
import { parseInstant } from './instant.js';

describe('a moment on the wire', () => {
  it.each([
    ['2023-11-11T12:00:00Z', '2023-11-11T12:00:00.000Z'],
    ['2023-11-11T20:00:00+08:00', '2023-11-11T12:00:00.000Z'],
    ['2024-02-29T23:59:59.123456Z', '2024-02-29T23:59:59.123Z'],
  ])('%s is %s', (text, moment) => {
    expect(parseInstant(text)?.toISOString()).toBe(moment);
  });

  it.each([
    '2023-02-29T00:00:00Z',
    '2023-13-01T00:00:00Z',
    '2023-11-11T25:00:00Z',
    '2023-11-11',
    '2023-11-11T12:00:00',
    '2023-11-11 12:00:00Z',
    'yesterday',
    '',
  ])('%p is none', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});
