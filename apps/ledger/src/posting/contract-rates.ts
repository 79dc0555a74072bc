import { PROVIDERS, type PlatformId, type Provider } from '@hutong/domain-events';
import { money, type Money } from '@hutong/money';
import type { InstrumentKind } from './codes.js';
import type { Day } from './day.js';
import type { Leaf } from './leaf.js';

/** What merchants pay from one day on, for all that is not said: whatever the instrument, the platform. */
export type ContractRate = Readonly<{
  provider: Provider;
  instrument?: InstrumentKind;
  platform?: PlatformId;
  from: Day;
  /** Hundredths of a per cent of the gross: 60 is 0.6 %. From 0 to 10000. */
  feeBps: number;
}>;

/**
 * The fee on `gross` in its own currency, half a minor unit rounded up, never more than the gross.
 * The rate that says most about the leaf applies, the platform before the instrument; among
 * those that say the same, the latest.
 * @param day when the payment was requested, so that a refund gives back at the rate that was taken.
 * @throws Error if no rate covers it, which `uncovered` tells at start.
 */
export function feeOn(gross: Money, leaf: Leaf, day: Day, rates: readonly ContractRate[]): Money {
  const [rate] = rates
    .filter((one) => covers(one, leaf) && one.from <= day)
    .toSorted((a, b) => precision(b) - precision(a) || b.from - a.from);
  if (rate === undefined) throw new Error(`no contract rate for ${leaf.provider} on day ${day}`);
  return money((gross.minor * BigInt(rate.feeBps) + 5_000n) / 10_000n, gross.currency);
}

/** The providers without a rate that covers every leaf from the first day on. */
export const uncovered = (rates: readonly ContractRate[]): readonly Provider[] =>
  PROVIDERS.filter(
    (provider) =>
      !rates.some((one) => one.provider === provider && precision(one) === 0 && one.from <= 0),
  );

const covers = (rate: ContractRate, leaf: Leaf): boolean =>
  rate.provider === leaf.provider &&
  (rate.platform === undefined || rate.platform === leaf.platform) &&
  (rate.instrument === undefined || rate.instrument === leaf.instrument);

const precision = (rate: ContractRate): number =>
  (rate.platform === undefined ? 0 : 2) + (rate.instrument === undefined ? 0 : 1);
