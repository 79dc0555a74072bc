import { INJURIES } from './plan/chances.js';
import { isGood, type SeedResult } from './result.js';

/** What several seeds came to, as a table for a page. Redeliveries once for all that were judged together. */
export function tableOf(results: readonly SeedResult[]): string {
  const rows = results.map((result) => [
    `${result.seed}`,
    `${result.compared}`,
    `${result.withMoney}`,
    yuan(result.takenFen),
    yuan(result.leftFen),
    `${result.blows['kill'] ?? 0}`,
    `${result.blows['freeze'] ?? 0}`,
    `${(result.blows['freeze_broker'] ?? 0) + (result.blows['kill_broker'] ?? 0)}`,
    `${result.blows['cut_connections'] ?? 0}`,
    `${result.blows['set_back_offsets'] ?? 0}`,
    `${sum(Object.values(result.injuries))}`,
    isGood(result) ? 'agree' : `${result.findings.length} findings`,
  ]);
  const total = (pick: (result: SeedResult) => number): string => `${sum(results.map(pick))}`;
  return [
    line(HEAD),
    line(HEAD.map((_, column) => (column === HEAD.length - 1 ? '---' : '--:'))),
    ...rows.map(line),
    '',
    `In all ${total(({ compared }) => compared)} payments were compared, ` +
      `${total(({ withMoney }) => withMoney)} of them with money. At the sandbox: ` +
      `${INJURIES.map((name) => `${total(({ injuries }) => injuries[name])} × ${name}`).join(', ')}. ` +
      `Of ${again(results, 'records')} records ${again(results, 'sentAgain')} were sent again, and at ` +
      `least ${again(results, 'deliveredAgain')} deliveries were repeated.`,
  ].join('\n');
}

const HEAD = [
  'seed',
  'payments compared',
  'with money',
  'taken, ¥',
  'left, ¥',
  'killed',
  'frozen',
  'broker',
  'connections cut',
  'offsets set back',
  'struck at the sandbox',
  'books',
];

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** Counted once for every group of seeds that was judged together. */
const again = (results: readonly SeedResult[], what: keyof SeedResult['redelivered']): number => {
  const groups = new Map(results.map((one) => [JSON.stringify(one.redelivered), one.redelivered]));
  return sum([...groups.values()].map((one) => one[what]));
};

const yuan = (fen: string): string => {
  const digits = fen.padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
};
