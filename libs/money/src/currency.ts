/** ISO 4217 codes that amounts may carry. All of them have two minor digits (`formatMajor`). */
export const CURRENCIES = ['CNY', 'HKD', 'USD'] as const;

export type Currency = (typeof CURRENCIES)[number];

export const isCurrency = (text: string): text is Currency =>
  CURRENCIES.some((currency) => currency === text);
