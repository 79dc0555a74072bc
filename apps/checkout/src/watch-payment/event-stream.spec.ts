import { describe, expect, it } from '@jest/globals';
import { comeBackAfter, HEARTBEAT, lastVersionIn, versionEvent } from './event-stream.js';

describe('a server-sent event', () => {
  it('is a version on lines of its own', () => {
    expect(versionEvent(7, { description: 'two\nlines\r and one' })).toBe(
      'id: 7\nevent: payment\ndata: {"description":"two\\nlines\\r and one"}\n\n',
    );
  });

  it('is a comment, or when to come back', () => {
    expect([HEARTBEAT, comeBackAfter(1_000)]).toEqual([':\n\n', 'retry: 1000\n\n']);
  });

  it.each<[id: string | undefined, version: number | undefined]>([
    ['0', 0],
    ['12', 12],
    ['999999999', 999_999_999],
    ['1000000000', undefined],
    ['', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    [' 1', undefined],
    ['x', undefined],
    [undefined, undefined],
  ])('is resumed after %j: version %j', (id, version) => {
    expect(lastVersionIn(id)).toBe(version);
  });
});
