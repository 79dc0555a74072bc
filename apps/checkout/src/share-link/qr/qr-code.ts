import { codewordsOf, type Codewords } from './codewords.js';
import { penaltyOf } from './penalty.js';

/** Rows of modules, true for dark. */
export type Modules = readonly (readonly boolean[])[];

/** Whether a module changes under each mask, by column and row. */
const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/**
 * A QR code (ISO/IEC 18004) in byte mode with correction level M, of the text's UTF-8.
 * @returns undefined if the text is longer than version 10 holds, 213 bytes.
 */
export function qrCode(text: string): Modules | undefined {
  const codewords = codewordsOf(text);
  if (codewords === undefined) return undefined;
  const candidates = MASKS.map((_, mask) => drawn(codewords, mask));
  const penalties = candidates.map(penaltyOf);
  return candidates[penalties.indexOf(Math.min(...penalties))];
}

/** Modules that are not content, by row and column; undefined where content goes. */
class Canvas {
  private readonly modules: (boolean | undefined)[][];

  constructor(readonly size: number) {
    this.modules = Array.from({ length: size }, () => Array.from({ length: size }));
  }

  at = (x: number, y: number): boolean | undefined => this.modules[y]?.[x];

  set(x: number, y: number, dark: boolean): void {
    const row = this.modules[y];
    if (row !== undefined && x >= 0 && x < this.size) row[x] = dark;
  }

  rows = (): Modules => this.modules.map((row) => row.map((dark) => dark === true));
}

function drawn({ version, bytes }: Codewords, mask: number): Modules {
  const canvas = new Canvas(17 + 4 * version);
  drawTiming(canvas);
  drawAlignments(canvas, version);
  drawFinders(canvas);
  drawFormat(canvas, mask);
  drawVersion(canvas, version);
  drawContent(canvas, bytes, mask);
  return canvas.rows();
}

function drawTiming(canvas: Canvas): void {
  for (let i = 0; i < canvas.size; i += 1) {
    canvas.set(i, 6, i % 2 === 0);
    canvas.set(6, i, i % 2 === 0);
  }
}

function drawFinders(canvas: Canvas): void {
  const far = canvas.size - 4;
  for (const [x, y] of [
    [3, 3],
    [far, 3],
    [3, far],
  ] as const) {
    drawRings(canvas, { x, y, reach: 4, isDark: (ring) => ring !== 2 && ring !== 4 });
  }
}

/** Centres of the alignment patterns beside 6, by version. */
const ALIGNED: readonly (readonly number[])[] = [
  ...[[], [18], [22], [26], [30], [34]],
  ...[
    [22, 38],
    [24, 42],
    [26, 46],
    [28, 50],
  ],
];

function drawAlignments(canvas: Canvas, version: number): void {
  const others = ALIGNED[version - 1] ?? [];
  const centres = others.length === 0 ? [] : [6, ...others];
  const last = centres.at(-1);
  for (const x of centres) {
    for (const y of centres) {
      const isFinder = [x, y].every((c) => c === 6 || c === last) && !(x === last && y === last);
      if (!isFinder) drawRings(canvas, { x, y, reach: 2, isDark: (ring) => ring !== 1 });
    }
  }
}

type Rings = Readonly<{ x: number; y: number; reach: number; isDark: (ring: number) => boolean }>;

function drawRings(canvas: Canvas, { x, y, reach, isDark }: Rings): void {
  for (let dy = -reach; dy <= reach; dy += 1) {
    for (let dx = -reach; dx <= reach; dx += 1) {
      canvas.set(x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  }
}

/** Level M and the mask, with 10 bits of correction, twice. */
function drawFormat(canvas: Canvas, mask: number): void {
  const bits = ((mask << 10) | remainder(mask, 10, 0x537)) ^ 0x5412;
  const { size } = canvas;
  const dark = (i: number): boolean => ((bits >>> i) & 1) === 1;
  for (let i = 0; i < 15; i += 1) {
    if (i < 8) canvas.set(8, i < 6 ? i : i + 1, dark(i));
    else canvas.set(i === 8 ? 7 : 14 - i, 8, dark(i));
    if (i < 8) canvas.set(size - 1 - i, 8, dark(i));
    else canvas.set(8, size - 15 + i, dark(i));
  }
  canvas.set(8, size - 8, true);
}

/** From version 7 on, with 12 bits of correction, twice. */
function drawVersion(canvas: Canvas, version: number): void {
  if (version < 7) return;
  const bits = (version << 12) | remainder(version, 12, 0x1f25);
  for (let i = 0; i < 18; i += 1) {
    const dark = ((bits >>> i) & 1) === 1;
    const [along, across] = [canvas.size - 11 + (i % 3), Math.floor(i / 3)];
    canvas.set(along, across, dark);
    canvas.set(across, along, dark);
  }
}

function remainder(value: number, bits: number, divisor: number): number {
  let rest = value;
  for (let i = 0; i < bits; i += 1) rest = (rest << 1) ^ ((rest >>> (bits - 1)) * divisor);
  return rest;
}

/** Two columns at a time from the right, up and down in turn, past what is drawn already. */
function drawContent(canvas: Canvas, bytes: readonly number[], mask: number): void {
  const { size } = canvas;
  const isMasked = MASKS[mask];
  let at = 0;
  for (let pair = size - 1; pair >= 1; pair -= 2) {
    const right = pair <= 6 ? pair - 1 : pair; // the timing column is left out
    const upward = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step += 1) {
      const y = upward ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (canvas.at(x, y) !== undefined) continue;
        const bit = ((bytes[at >>> 3] ?? 0) >>> (7 - (at & 7))) & 1;
        canvas.set(x, y, (bit === 1) !== (isMasked?.(x, y) ?? false));
        at += 1;
      }
    }
  }
}
