import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CURRENCIES, isCurrency, type Currency } from './currency.js';
import {
  add,
  compare,
  equals,
  formatMajor,
  money,
  parseMoney,
  subtract,
  toMoneyWire,
  zero,
} from './money.js';

const MAX = 999_999_999_999_999_999n;
const cny = (minor: bigint) => money(minor, 'CNY');
const usd = (minor: bigint) => money(minor, 'USD');

const minors = fc.bigInt({ min: 0n, max: MAX });
const currencies = fc.constantFrom(...CURRENCIES);
const amounts = fc.tuple(minors, currencies).map(([minor, currency]) => money(minor, currency));

describe('an amount', () => {
  it.each<{ minor: bigint; refused: string | undefined }>`
    minor        | refused
    ${-1n}       | ${'negative money'}
    ${0n}        | ${undefined}
    ${30_000n}   | ${undefined}
    ${MAX}       | ${undefined}
    ${MAX + 1n}  | ${'more than 18 digits'}
    ${-MAX - 1n} | ${'negative money'}
  `('of $minor fen is refused as $refused', ({ minor, refused }) => {
    if (refused === undefined) expect(cny(minor)).toEqual({ minor, currency: 'CNY' });
    else expect(() => cny(minor)).toThrow(new RegExp(refused));
  });

  it('is a RangeError where it cannot be', () => {
    expect(() => cny(-1n)).toThrow(RangeError);
    expect(() => cny(MAX + 1n)).toThrow(RangeError);
  });
});

describe('a wire', () => {
  type Row = Readonly<{ currency: string; minor: string; code: string }>;
  it.each<Row>`
    currency | minor                    | code
    ${'CNY'} | ${''}                    | ${'minor_not_digits'}
    ${'CNY'} | ${'-1'}                  | ${'minor_not_digits'}
    ${'CNY'} | ${'+1'}                  | ${'minor_not_digits'}
    ${'CNY'} | ${'128.00'}              | ${'minor_not_digits'}
    ${'CNY'} | ${'1e3'}                 | ${'minor_not_digits'}
    ${'CNY'} | ${'0x10'}                | ${'minor_not_digits'}
    ${'CNY'} | ${'007'}                 | ${'minor_not_digits'}
    ${'CNY'} | ${' 1'}                  | ${'minor_not_digits'}
    ${'CNY'} | ${'1\n'}                 | ${'minor_not_digits'}
    ${'CNY'} | ${'12,800'}              | ${'minor_not_digits'}
    ${'CNY'} | ${'١٢٨'}                 | ${'minor_not_digits'}
    ${'CNY'} | ${'1000000000000000000'} | ${'minor_not_digits'}
    ${'EUR'} | ${'1'}                   | ${'currency_unknown'}
    ${'cny'} | ${'1'}                   | ${'currency_unknown'}
    ${''}    | ${'1'}                   | ${'currency_unknown'}
  `('of "$currency" "$minor" is refused: $code', ({ currency, minor, code }) => {
    expect(parseMoney({ currency, minor })).toEqual({ ok: false, refusal: { code } });
  });

  it('has the form that the interface promises', () => {
    expect(JSON.stringify(toMoneyWire(cny(30_000n)))).toBe('{"currency":"CNY","minor":"30000"}');
  });

  it('gives back every amount that was written', () => {
    fc.assert(
      fc.property(amounts, (amount) => {
        expect(parseMoney(toMoneyWire(amount))).toEqual({ ok: true, value: amount });
      }),
    );
  });

  it('is either refused or written back as it was, whatever the text', () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^[-+]?\d{0,20}$/));
    fc.assert(
      fc.property(fc.oneof(currencies, fc.string()), texts, (currency, minor) => {
        const read = parseMoney({ currency, minor });
        if (read.ok) expect(toMoneyWire(read.value)).toEqual({ currency, minor });
      }),
    );
  });
});

describe('arithmetic', () => {
  it('is exact past what a float can hold', () => {
    expect(add(cny(9_007_199_254_740_993n), cny(2n)).minor).toBe(9_007_199_254_740_995n);
  });

  it('takes back what was added, in any order', () => {
    const halves = fc.bigInt({ min: 0n, max: MAX / 2n });
    fc.assert(
      fc.property(halves, halves, currencies, (a, b, currency) => {
        const [one, other] = [money(a, currency), money(b, currency)];
        const sum = add(one, other);
        expect(sum).toEqual(add(other, one));
        expect(subtract(sum, other)).toEqual(one);
        expect(subtract(sum, sum)).toEqual(zero(one));
        expect(compare(sum, one)).toBe(b === 0n ? 0 : 1);
      }),
    );
  });

  it.each<{ what: string; calculate: () => unknown }>([
    { what: 'a sum of two currencies', calculate: () => add(cny(1n), usd(1n)) },
    { what: 'a difference of two currencies', calculate: () => subtract(cny(2n), usd(1n)) },
    { what: 'an order between two currencies', calculate: () => compare(cny(1n), usd(1n)) },
    { what: 'a difference below zero', calculate: () => subtract(cny(1n), cny(2n)) },
    { what: 'a sum of more than 18 digits', calculate: () => add(cny(MAX), cny(1n)) },
  ])('throws on $what', ({ calculate }) => {
    expect(calculate).toThrow(RangeError);
  });

  type Pair = Readonly<{ a: bigint; b: bigint; order: -1 | 0 | 1 }>;
  it.each<Pair>`
    a          | b          | order
    ${30_000n} | ${30_000n} | ${0}
    ${30_001n} | ${30_000n} | ${1}
    ${29_999n} | ${30_000n} | ${-1}
    ${0n}      | ${MAX}     | ${-1}
  `('$a fen against $b fen is $order', ({ a, b, order }) => {
    expect(compare(cny(a), cny(b))).toBe(order);
    expect(equals(cny(a), cny(b))).toBe(order === 0);
  });

  it('never holds amounts of two currencies for equal', () => {
    expect(equals(cny(1n), usd(1n))).toBe(false);
  });
});

describe('the written amount', () => {
  it.each<{ minor: bigint; text: string }>`
    minor      | text
    ${0n}      | ${'0.00'}
    ${1n}      | ${'0.01'}
    ${10n}     | ${'0.10'}
    ${100n}    | ${'1.00'}
    ${12_800n} | ${'128.00'}
    ${MAX}     | ${'9999999999999999.99'}
  `('of $minor fen is $text', ({ minor, text }) => {
    expect(formatMajor(cny(minor))).toBe(text);
  });
});

describe('a currency', () => {
  it.each<{ text: string; known: boolean }>`
    text             | known
    ${'CNY'}         | ${true}
    ${'HKD'}         | ${true}
    ${'USD'}         | ${true}
    ${'JPY'}         | ${false}
    ${'CNY '}        | ${false}
    ${'toString'}    | ${false}
    ${'constructor'} | ${false}
  `('$text is known: $known', ({ text, known }) => {
    expect(isCurrency(text)).toBe(known);
  });

  it('is one of two minor digits: the written amount assumes it', () => {
    // ISO 4217, table A.1: currencies without or with three minor digits.
    const others = ['BHD', 'CLP', 'ISK', 'JOD', 'JPY', 'KRW', 'KWD', 'OMR', 'TND', 'VND'];
    const ours: readonly Currency[] = CURRENCIES;
    expect(ours.filter((currency) => others.includes(currency))).toEqual([]);
  });
});
