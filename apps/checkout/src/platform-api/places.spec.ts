import { describe, expect, it } from '@jest/globals';
import { Places } from './places.js';

describe('places', () => {
  it('are so many for each holder, and may be taken again once they are given back', () => {
    const places = new Places();
    const [first, second] = [places.take('a', 2), places.take('a', 2)];
    expect([first, second, places.take('a', 2)]).toEqual([
      expect.any(Function),
      expect.any(Function),
      undefined,
    ]);
    expect(places.take('b', 1)).toBeDefined();
    first?.();
    expect(places.take('a', 2)).toBeDefined();
    expect(places.take('a', 2)).toBeUndefined();
  });
});
