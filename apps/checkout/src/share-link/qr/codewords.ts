import { correctionOf } from './reed-solomon.js';

/** What a size of code holds at correction level M: all bytes, blocks, correction bytes of each block. */
type Capacity = Readonly<{ total: number; blocks: number; correction: number }>;

/** By version from 1, as in table 9 of ISO/IEC 18004. */
const CAPACITIES: readonly Capacity[] = [
  { total: 26, blocks: 1, correction: 10 },
  { total: 44, blocks: 1, correction: 16 },
  { total: 70, blocks: 1, correction: 26 },
  { total: 100, blocks: 2, correction: 18 },
  { total: 134, blocks: 2, correction: 24 },
  { total: 172, blocks: 4, correction: 16 },
  { total: 196, blocks: 4, correction: 18 },
  { total: 242, blocks: 4, correction: 22 },
  { total: 292, blocks: 5, correction: 22 },
  { total: 346, blocks: 5, correction: 26 },
];

export type Codewords = Readonly<{ version: number; bytes: readonly number[] }>;

/** The text in the smallest version that holds it, with its correction; undefined if none does. */
export function codewordsOf(text: string): Codewords | undefined {
  const content = [...new TextEncoder().encode(text)];
  const index = CAPACITIES.findIndex(
    (capacity, i) => content.length + headerBits(i + 1) / 8 <= dataBytes(capacity),
  );
  const capacity = CAPACITIES[index];
  if (capacity === undefined) return undefined;
  const version = index + 1;
  const data = padded(content, version, dataBytes(capacity));
  return { version, bytes: interleaved(data, capacity) };
}

const dataBytes = ({ total, blocks, correction }: Capacity): number => total - blocks * correction;

const LENGTH_BITS = { small: 8, large: 16 };
const lengthBits = (version: number): number =>
  version < 10 ? LENGTH_BITS.small : LENGTH_BITS.large;
const headerBits = (version: number): number => 4 + lengthBits(version);

/** Byte mode, length, content, terminator, padding. */
function padded(content: readonly number[], version: number, size: number): number[] {
  const bits = [
    '0100',
    content.length.toString(2).padStart(lengthBits(version), '0'),
    ...content.map((byte) => byte.toString(2).padStart(8, '0')),
    '0000',
  ].join('');
  const bytes = bits.match(/.{8}|.+$/g)?.map((octet) => parseInt(octet.padEnd(8, '0'), 2)) ?? [];
  const missing = Array.from({ length: Math.max(0, size - bytes.length) });
  return [...bytes.slice(0, size), ...missing.map((_, i) => (i % 2 === 0 ? 0xec : 0x11))];
}

/** Blocks side by side, the shorter ones first, then their corrections side by side. */
function interleaved(data: readonly number[], { total, blocks, correction }: Capacity): number[] {
  const shortSize = Math.floor(total / blocks) - correction;
  const shortOnes = blocks - (total % blocks);
  const parts = Array.from({ length: blocks }, (_, i) => {
    const start = i * shortSize + Math.max(0, i - shortOnes);
    return data.slice(start, start + shortSize + (i < shortOnes ? 0 : 1));
  });
  const corrections = parts.map((part) => correctionOf(part, correction));
  return [...columnsOf(parts), ...columnsOf(corrections)];
}

function columnsOf(rows: readonly (readonly number[])[]): number[] {
  const longest = Math.max(...rows.map((row) => row.length));
  return Array.from({ length: longest }, (_, i) => rows.flatMap((row) => row[i] ?? [])).flat();
}
