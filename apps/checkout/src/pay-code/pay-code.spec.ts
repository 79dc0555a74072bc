import { describe, expect, it } from '@jest/globals';
import type { Instrument } from '@hutong/domain-events';
import { fitting, issuerOf, type CodeIssuer } from './pay-code.js';

const digits = (prefix: string, length: number): string => prefix.padEnd(length, '7');
const UNKNOWN = { ok: false, refusal: { code: 'pay_code_unknown' } };

describe('a code that a payer shows', () => {
  it.each<[string, string, CodeIssuer]>([
    ['the shortest and lowest of Alipay', digits('25', 16), 'alipay'],
    ['the longest and highest of Alipay', digits('30', 24), 'alipay'],
    ['a face at Alipay', `fp${'a1B'.repeat(11)}`, 'alipay'],
    ['UnionPay', digits('62', 19), 'unionpay'],
  ])('of %s', (_, code, issuer) => {
    expect(issuerOf(code)).toEqual({ ok: true, value: issuer });
  });

  it.each([digits('10', 18), digits('15', 18)])(
    'of WeChat is known, and that nothing here takes it: %s',
    (code) => {
      expect(issuerOf(code)).toEqual({
        ok: false,
        refusal: { code: 'pay_code_unsupported', issuer: 'wechat' },
      });
    },
  );

  it.each<[string, string]>([
    ['a digit less than Alipay has', digits('25', 15)],
    ['a digit more', digits('25', 25)],
    ['below its prefixes', digits('24', 18)],
    ['above them', digits('31', 18)],
    ['a face with a sign less', `fp${'a'.repeat(32)}`],
    ['a digit less than UnionPay has', digits('62', 18)],
    ['a digit more', digits('62', 20)],
    ['another prefix', digits('63', 19)],
    ['above the prefixes of WeChat', digits('16', 18)],
    ['a digit less than WeChat has', digits('13', 17)],
    ['Arabic digits', '٢٥'.padEnd(18, '٧')],
    ['a line after it', `${digits('62', 19)}\n`],
    ['nothing', ''],
  ])('is nobody’s with %s', (_, code) => {
    expect(issuerOf(code)).toEqual(UNKNOWN);
  });

  it('is missed where none was read', () => {
    expect(issuerOf(undefined)).toEqual({ ok: false, refusal: { code: 'pay_code_missing' } });
  });
});

describe('a method that reads codes of', () => {
  it.each<{ instrument: Instrument; code: string; expected: string }>`
    instrument           | code                | expected
    ${'alipay'}          | ${digits('28', 18)} | ${'alipay'}
    ${'alipay'}          | ${digits('62', 19)} | ${'pay_code_of_another_app'}
    ${'cloud_quickpass'} | ${digits('62', 19)} | ${'unionpay'}
    ${'cloud_quickpass'} | ${digits('28', 18)} | ${'pay_code_of_another_app'}
    ${'bank_app:0105'}   | ${digits('62', 19)} | ${'unionpay'}
    ${'bank_app:0105'}   | ${digits('13', 18)} | ${'pay_code_unsupported'}
  `('$instrument, shown $code: $expected', ({ instrument, code, expected }) => {
    const fits = fitting(instrument, code);
    expect(fits.ok ? fits.value : fits.refusal.code).toBe(expected);
  });
});
