export type { Brand } from './brand.js';
export { CURRENCIES, isCurrency, type Currency } from './currency.js';
export {
  add,
  compare,
  equals,
  formatMajor,
  MINOR_DIGITS,
  money,
  parseMoney,
  subtract,
  toMoneyWire,
  zero,
  type Money,
  type MoneyRefusal,
  type MoneyWire,
} from './money.js';
