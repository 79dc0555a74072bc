import { ok, refuse, type Result } from '@hutong/result';
import type { Brand } from './brand.js';
import { isCurrency, type Currency } from './currency.js';

/** An amount in minor units (fen, cent): 0 to 18 nines. Never negative, never a float. */
export type Money = Readonly<{ minor: Brand<bigint, 'MinorUnits'>; currency: Currency }>;

/** Money on every wire of ours: minor units as decimal digits, since JSON has no bigint. */
export type MoneyWire = Readonly<{ currency: string; minor: string }>;

export type MoneyRefusal = Readonly<{ code: 'currency_unknown' | 'minor_not_digits' }>;

/** How minor units are written: no sign, point or leading zero, and at most 18 digits. */
export const MINOR_DIGITS = /^(0|[1-9]\d{0,17})$/;

/** 18 digits fit every store on the way, PostgreSQL's bigint included. */
const MAX_MINOR = 10n ** 18n - 1n;

/**
 * @throws RangeError if `minor` is negative (a refund is its own event, not a minus sign) or has more
 * than 18 digits: what could be made but not written would be lost on its way.
 */
export function money(minor: bigint, currency: Currency): Money {
  if (minor < 0n) throw new RangeError(`negative money: ${minor} ${currency}`);
  if (minor > MAX_MINOR) throw new RangeError(`money of more than 18 digits, in ${currency}`);
  return { minor: minor as Money['minor'], currency };
}

/** Nothing, in the currency of `like`. */
export const zero = (like: Money): Money => money(0n, like.currency);

/** @throws RangeError if the currencies differ or the sum has more than 18 digits. */
export function add(a: Money, b: Money): Money {
  return money(a.minor + sameCurrency(a, b).minor, a.currency);
}

/** @throws RangeError if the currencies differ or `b` is more than `a`. */
export function subtract(a: Money, b: Money): Money {
  return money(a.minor - sameCurrency(a, b).minor, a.currency);
}

/** Negative, zero or positive, as `a` is less than, equal to or more than `b`. @throws RangeError if the currencies differ. */
export function compare(a: Money, b: Money): -1 | 0 | 1 {
  sameCurrency(a, b);
  if (a.minor === b.minor) return 0;
  return a.minor < b.minor ? -1 : 1;
}

/** Same amount and same currency. */
export const equals = (a: Money, b: Money): boolean =>
  a.currency === b.currency && a.minor === b.minor;

/** `128.00` for 12800 fen: for people and for provider wires that count in yuan. */
export function formatMajor(amount: Money): string {
  const digits = amount.minor.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export const toMoneyWire = (amount: Money): MoneyWire => ({
  currency: amount.currency,
  minor: amount.minor.toString(),
});

/** @param wire digits as `MINOR_DIGITS` has them, in one of `CURRENCIES`. */
export function parseMoney(wire: MoneyWire): Result<Money, MoneyRefusal> {
  if (!isCurrency(wire.currency)) return refuse({ code: 'currency_unknown' });
  if (!MINOR_DIGITS.test(wire.minor)) return refuse({ code: 'minor_not_digits' });
  return ok(money(BigInt(wire.minor), wire.currency));
}

function sameCurrency(a: Money, b: Money): Money {
  if (a.currency !== b.currency) {
    throw new RangeError(`currencies differ: ${a.currency} and ${b.currency}`);
  }
  return b;
}
