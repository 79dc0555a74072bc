import type { MerchantId, PlatformId, Provider } from '@hutong/domain-events';
import type { Currency } from '@hutong/money';

/** What an account is for. The numbers are stored for ever, see `codes.ts`. */
export const accountKindCode = { clearing: 1, merchant: 2, fee: 3, surplus: 4 } as const;
export type AccountKind = keyof typeof accountKindCode;

/** The kinds of which there are as many accounts as providers, platforms and currencies, not merchants. */
export const HOUSE_ACCOUNT_KINDS = ['clearing', 'fee', 'surplus'] as const satisfies AccountKind[];
export type HouseAccountKind = (typeof HOUSE_ACCOUNT_KINDS)[number];

/** One account of the chart, in one currency. */
export type Account = Readonly<{ kind: AccountKind; name: string; currency: Currency }>;

/** What a provider owes us for what it took on a platform. Asset: rises by debits. */
export const clearing = (
  provider: Provider,
  platform: PlatformId,
  currency: Currency,
): Account => ({
  kind: 'clearing',
  name: `clearing:${provider}:${platform}`,
  currency,
});

/** What we owe a merchant. Its id belongs to its platform, so the platform is part of the name. */
export const merchantPayable = (
  platform: PlatformId,
  merchant: MerchantId,
  currency: Currency,
): Account => ({ kind: 'merchant', name: `merchant:${platform}:${merchant}`, currency });

/** What merchants pay for a provider's service. Income: rises by credits. */
export const fees = (provider: Provider, currency: Currency): Account => ({
  kind: 'fee',
  name: `fee:${provider}`,
  currency,
});

/** Money that a provider took and that is not a payment's, until it is back with its payer. */
export const surplus = (provider: Provider, currency: Currency): Account => ({
  kind: 'surplus',
  name: `surplus:${provider}`,
  currency,
});

/** The key under which an account is stored: one per currency. */
export const accountRef = ({ name, currency }: Account): string => `${name}:${currency}`;

/** The name of an account from its stored key. */
export const accountName = (ref: string): string => ref.slice(0, ref.lastIndexOf(':'));
