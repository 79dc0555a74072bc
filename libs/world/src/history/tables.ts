import type { AmountView, Operator, ShareView } from '../operator.js';
import { BEGINNING, UNIONPAY_LAUNCH } from './habits.js';

/** Whose adoption is told; `unionpay` is its two together. */
export const TOLD_INSTRUMENTS = [
  'alipay',
  'wechat_pay',
  'unionpay',
  'cloud_quickpass',
  'bank_app',
] as const;

/** Money that one provider took on one platform from one app. */
export type VolumeLine = Readonly<{
  platform: string;
  provider: string;
  instrument: string;
  payments: number;
  gross: AmountView;
}>;

/** Different people and shops that paid and were paid by one app on one platform. */
export type AdoptionLine = Readonly<{
  platform: string;
  instrument: string;
  payers: number;
  merchants: number;
}>;

/** UnionPay on Taobao: those of its first thirty days, of the last thirty, and of all days. */
export type GrowthLine = Readonly<{
  entity: 'payer' | 'merchant';
  sinceLaunch: number;
  atLaunch: number;
  now: number;
  /** `now` against `atLaunch`; null against nobody. */
  growth: number | null;
}>;

/** What the ledger says at the end of the story. */
export type Tables = Readonly<{
  volumes: readonly VolumeLine[];
  adoption: readonly AdoptionLine[];
  unionpayOnTaobao: readonly GrowthLine[];
  /** Alipay's part of Taobao's payers, and of the payers of all other platforms. */
  alipayShare: ShareView;
}>;

/** @param to the first day in Beijing that does not count any more: `2026-11-01`. */
export async function askTables(operator: Operator, to: string): Promise<Tables> {
  const volumes = await volumeLines(operator, to);
  const platforms = [...new Set(volumes.map(({ platform }) => platform))];
  const days = { from: BEGINNING, to };
  const adoption: AdoptionLine[] = [];
  for (const platform of platforms) {
    for (const instrument of TOLD_INSTRUMENTS) {
      const about = { platform, instrument, ...days };
      const payers = (await operator.adoption({ entity: 'payer', ...about })).uniques;
      if (payers === 0) continue;
      const merchants = (await operator.adoption({ entity: 'merchant', ...about })).uniques;
      adoption.push({ platform, instrument, payers, merchants });
    }
  }
  const unionpayOnTaobao = [await growthLine(operator, 'payer', to)];
  unionpayOnTaobao.push(await growthLine(operator, 'merchant', to));
  const alipay = { entity: 'payer', instrument: 'alipay', platform: 'taobao', ...days } as const;
  return { volumes, adoption, unionpayOnTaobao, alipayShare: await operator.share(alipay) };
}

/** By provider, app and platform, the ways to pay with it together. */
async function volumeLines(operator: Operator, to: string): Promise<VolumeLine[]> {
  const all = await operator.volumes({ from: BEGINNING, to });
  const cells = all.platform.flatMap((platform, i) => {
    const [provider, instrument] = [all.provider[i] ?? '', all.instrument[i] ?? ''];
    const [payments = 0, minor = '0', currency = ''] = [all.ok[i], all.gross[i], all.currency[i]];
    return payments === 0
      ? [] // of what moved no money
      : [{ platform, provider, instrument, payments, gross: { currency, minor } }];
  });
  const byName = Map.groupBy(cells, (cell) =>
    [cell.platform, cell.provider, cell.instrument, cell.gross.currency].join(' '),
  );
  return [...byName.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const payments = same.reduce((sum, cell) => sum + cell.payments, 0);
    const minor = same.reduce((sum, cell) => sum + BigInt(cell.gross.minor), 0n).toString();
    return [{ ...first, payments, gross: { ...first.gross, minor } }];
  });
}

async function growthLine(
  operator: Operator,
  entity: 'payer' | 'merchant',
  to: string,
): Promise<GrowthLine> {
  const about = { entity, instrument: 'unionpay', platform: 'taobao', to } as const;
  const { launch, uniques, growth } = await operator.growth({
    ...about,
    from: dayBefore(to),
    launch: UNIONPAY_LAUNCH,
  });
  const since = await operator.adoption({ ...about, from: UNIONPAY_LAUNCH });
  return {
    entity,
    sinceLaunch: since.uniques,
    atLaunch: launch?.uniques ?? 0,
    now: uniques.at(-1) ?? 0,
    growth: growth.at(-1) ?? null,
  };
}

const dayBefore = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
