import type { GrowthLine, Tables } from '@hutong/world';
import { yuan } from './print.js';

/** What the ledger says of all of history, for a terminal. */
export const printTables = ({ volumes, adoption, unionpayOnTaobao, alipayShare }: Tables): string =>
  [
    '',
    'Volume, by who took the money, whose app paid, and where:',
    ...table(
      ['platform', 'provider', 'instrument', 'payments', 'gross'],
      volumes.map(({ payments, gross, ...names }) => [
        names.platform,
        names.provider,
        names.instrument,
        `${payments}`,
        yuan(gross),
      ]),
    ),
    '',
    'Different payers and merchants, exactly:',
    ...table(
      ['platform', 'instrument', 'payers', 'merchants'],
      adoption.map(({ platform, instrument, payers, merchants }) => [
        platform,
        instrument,
        `${payers}`,
        `${merchants}`,
      ]),
    ),
    '',
    ...unionpayOnTaobao.map(printGrowth),
    `Alipay's share of payers: ${percent(alipayShare.share)} on Taobao, ` +
      `${percent(alipayShare.elsewhere?.share ?? null)} elsewhere.`,
  ].join('\n');

const printGrowth = ({ entity, sinceLaunch, atLaunch, now, growth }: GrowthLine): string =>
  `UnionPay on Taobao: ${sinceLaunch} ${entity}s since its launch; ${atLaunch} in its first thirty ` +
  `days, ${now} in the last thirty${growth === null ? '' : ` (× ${growth.toFixed(2)})`}.`;

/** Names to the left, numbers to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const lines = [head, ...rows.toSorted((a, b) => (a.join() < b.join() ? -1 : 1))];
  const isNumber = head.map((_, i) => rows.every((row) => /\d$/.test(row[i] ?? '')));
  const widths = head.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((cell, i) =>
        isNumber[i] === true ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
      )
      .join('  ')
      .replace(/^/, '  ')
      .trimEnd(),
  );
}

const percent = (share: number | null): string =>
  share === null ? 'nobody' : `${(share * 100).toFixed(1)} %`;
