import type { Modules } from './qr-code.js';

const RUN = 3;
const BLOCK = 3;
const FINDER = 40;
const BALANCE = 10;

/** How badly a code would be read, as ISO/IEC 18004 counts it: the mask with the least is used. */
export function penaltyOf(modules: Modules): number {
  const rows = modules.map((row) => row.map(Number).join(''));
  const columns = modules.map((_, x) => modules.map((row) => Number(row[x])).join(''));
  const lines = [...rows, ...columns].map((line) => runs(line) + finders(line));
  return lines.reduce((sum, penalty) => sum + penalty, blocks(modules) + balance(rows.join('')));
}

/** Five or more of one kind in a row. */
const runs = (line: string): number =>
  [...line.matchAll(/0{5,}|1{5,}/g)].reduce((sum, [run]) => sum + RUN + run.length - 5, 0);

/** What a reader could take for a corner. */
const finders = (line: string): number =>
  FINDER * [...line.matchAll(/(?=10111010000|00001011101)/g)].length;

/** Two by two of one kind. */
function blocks(modules: Modules): number {
  let found = 0;
  modules.slice(1).forEach((row, y) => {
    const above = modules[y] ?? [];
    row.slice(1).forEach((dark, x) => {
      if (dark === row[x] && dark === above[x] && dark === above[x + 1]) found += 1;
    });
  });
  return found * BLOCK;
}

/** Every whole 5 % away from half of all dark. */
function balance(all: string): number {
  const dark = all.replaceAll('0', '').length / all.length;
  return Math.floor(Math.abs(dark - 0.5) * 20) * BALANCE;
}
