import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codewordsOf } from './codewords.js';
import { qrCode, type Modules } from './qr-code.js';
import { correctionOf, times } from './reed-solomon.js';

const drawn = (modules: Modules | undefined): string[] =>
  modules?.map((row) => row.map((dark) => (dark ? '#' : '.')).join('')) ?? [];

describe('a QR code', () => {
  it('is drawn as a decoder that is not ours has read it', () => {
    expect(drawn(qrCode('HUTONG'))).toEqual([
      '#######.####..#######',
      '#.....#.#...#.#.....#',
      '#.###.#..##.#.#.###.#',
      '#.###.#.##.##.#.###.#',
      '#.###.#...#...#.###.#',
      '#.....#..#....#.....#',
      '#######.#.#.#.#######',
      '........###..........',
      '#.##.###......#..#.##',
      '.#####..#...#..#.###.',
      '..#.#.#.##..#####..##',
      '####.....#..##...#.#.',
      '.##..###...#.#..###.#',
      '........##...#......#',
      '#######.###..##.#....',
      '#.....#.##.####.###.#',
      '#.###.#..#.#..##.#.##',
      '#.###.#.#.#..#..####.',
      '#.###.#.#..#.#...#...',
      '#.....#...###.#.#...#',
      '#######.##.##..#.....',
    ]);
  });

  it.each([
    [1, 14],
    [2, 26],
    [3, 42],
    [4, 62],
    [5, 84],
    [6, 106],
    [7, 122],
    [8, 152],
    [9, 180],
    [10, 213],
  ])('of version %i holds %i bytes and no more', (version, bytes) => {
    expect(codewordsOf('x'.repeat(bytes))?.version).toBe(version);
    expect(codewordsOf('x'.repeat(bytes + 1))?.version).toBe(
      version < 10 ? version + 1 : undefined,
    );
    expect(qrCode('x'.repeat(bytes))).toHaveLength(17 + 4 * version);
  });

  it('is none of a text that is too long', () => {
    expect(qrCode('é'.repeat(106))).toBeDefined();
    expect(qrCode('é'.repeat(107))).toBeUndefined();
  });

  /** Of level M by mask, as table C.1 of the standard has them. */
  const FORMATS = [
    '101010000010010',
    '101000100100101',
    '101111001111100',
    '101101101001011',
    '100010111111001',
    '100000011001110',
    '100111110010111',
    '100101010100000',
  ];

  it('says its level and mask twice, between corners and timing', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        const modules = qrCode(text) ?? [];
        const size = modules.length;
        const bit = (x: number, y: number) => (modules[y]?.[x] ? '1' : '0');
        const row = [0, 1, 2, 3, 4, 5, 7, 8].map((x) => bit(x, 8)).join('');
        const column = [7, 5, 4, 3, 2, 1, 0].map((y) => bit(8, y)).join('');
        expect(FORMATS).toContain(row + column);
        const below = Array.from({ length: 7 }, (_, i) => bit(8, size - 1 - i)).join('');
        const beside = Array.from({ length: 8 }, (_, i) => bit(size - 8 + i, 8)).join('');
        expect(below + beside).toBe(row + column);
        const timing = Array.from({ length: size - 16 }, (_, i) => bit(8 + i, 6)).join('');
        expect(timing).toMatch(/^(10)*1$/);
        expect(bit(8, size - 8)).toBe('1');
      }),
    );
  });
});

describe('the correction of a block', () => {
  it('is that of the example in annex I of the standard', () => {
    const block = '10200c5661 80ec11ec11ec11ec11ec11'.replace(' ', '');
    const correction = correctionOf([...Buffer.from(block, 'hex')], 10);
    expect(Buffer.from(correction).toString('hex')).toBe('a524d4c1ed36c7872c55');
  });

  it('makes the whole divisible by each root', () => {
    const blocks = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(blocks, fc.integer({ min: 1, max: 30 }), (block, count) => {
        const whole = [...block, ...correctionOf(block, count)];
        let root = 1;
        for (let i = 0; i < count; i += 1) {
          expect(whole.reduce((value, byte) => times(value, root) ^ byte, 0)).toBe(0);
          root = times(root, 2);
        }
      }),
    );
  });
});
