import { expect, it } from '@jest/globals';
import { laterMedians, memoryWhile, type MemoryByName } from './memory-while.js';

const seen = (...checkout: number[]): MemoryByName[] =>
  checkout.map((bytes) => new Map([['checkout', bytes]]));

it.each<{ bytes: number[]; median: number }>`
  bytes                       | median | why
  ${[1]}                      | ${1}   | ${'one look'}
  ${[1, 9]}                   | ${9}   | ${'the start does not count'}
  ${[1, 1, 1, 7, 9, 8]}       | ${8}   | ${'the later half alone'}
  ${[1, 1, 5, 9, 7]}          | ${7}   | ${'the middle one counts'}
  ${[5, 5, 5, 5, 5, 5, 5, 9]} | ${5}   | ${'a moment is no growth'}
`('holds $median where $bytes were seen', ({ bytes, median }) => {
  expect(laterMedians(seen(...bytes))).toEqual(new Map([['checkout', median]]));
});

it('knows of a process that came late what was seen of it', () => {
  const all = [new Map([['checkout', 4]]), new Map([['checkout', 4]]), new Map([['ledger', 2]])];
  expect(laterMedians(all)).toEqual(
    new Map([
      ['checkout', 4],
      ['ledger', 2],
    ]),
  );
});

it('looks at least twice, and gives back what the work gives', async () => {
  const { result, memory } = await memoryWhile(() => Promise.resolve('worked'));
  expect(result).toBe('worked');
  expect(memory.get('driver')).toBeGreaterThan(1_000_000);
});

it('ends with the fault of the work', async () => {
  await expect(memoryWhile(() => Promise.reject(new Error('it broke')))).rejects.toThrow(
    'it broke',
  );
});
