import { currencyCode, outcomeCode, reasonCode, wordOf } from '../posting/codes.js';
import { scopeWords, type ScopeNumbers } from '../posting/scope-words.js';
import type { Grain } from './volume-question.js';
import type { ReasonsView, VolumesView } from './volume.wire.js';
import type { ReasonCount, Volume } from './volumes.repository.js';

/** Cells as columns. */
export const volumesView = (
  cells: readonly Volume[],
  grain: Grain | undefined,
): Omit<VolumesView, 'watermark'> => ({
  ...(grain !== undefined && { bucket: cells.map(({ bucket }) => bucket?.toISOString() ?? '') }),
  ...scopeColumns(cells),
  currency: cells.map(({ ccy }) => wordOf(currencyCode, ccy)),
  ok: cells.map(({ ok }) => Number(ok)),
  refunds: cells.map(({ refunds }) => Number(refunds)),
  gross: cells.map(({ gross }) => gross.toString()),
  fee: cells.map(({ fee }) => fee.toString()),
  refunded: cells.map(({ refunded }) => refunded.toString()),
  feeBack: cells.map(({ feeBack }) => feeBack.toString()),
});

export const reasonsView = (cells: readonly ReasonCount[]): Omit<ReasonsView, 'watermark'> => ({
  ...scopeColumns(cells),
  outcome: cells.map(({ outcome }) => wordOf(outcomeCode, outcome)),
  reason: cells.map(({ reason }) => wordOf(reasonCode, reason)),
  count: cells.map(({ n }) => Number(n)),
});

function scopeColumns(cells: readonly ScopeNumbers[]) {
  const scopes = cells.map(scopeWords);
  return {
    platform: scopes.map(({ platform }) => platform),
    provider: scopes.map(({ provider }) => provider),
    instrument: scopes.map(({ instrument }) => instrument),
    presentation: scopes.map(({ presentation }) => presentation),
  };
}
