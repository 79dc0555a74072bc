import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  isInstrument,
  methodText,
  parseMethod,
  PRESENTATIONS,
  PROVIDERS,
  sameMethod,
} from './method.js';

describe('a method', () => {
  it.each<{ text: string; known: boolean }>`
    text                                         | known
    ${'wechat/wechat_pay/qr'}                    | ${true}
    ${'unionpay/bank_app:0105/app'}              | ${true}
    ${'alipay/cloud_quickpass/barcode'}          | ${true}
    ${''}                                        | ${false}
    ${'wechat'}                                  | ${false}
    ${'wechat/wechat_pay'}                       | ${false}
    ${'wechat/wechat_pay/qr/'}                   | ${false}
    ${' wechat/wechat_pay/qr'}                   | ${false}
    ${'WECHAT/wechat_pay/qr'}                    | ${false}
    ${'paypal/wechat_pay/qr'}                    | ${false}
    ${'wechat/wechat_pay/fax'}                   | ${false}
    ${'unionpay/bank_app/app'}                   | ${false}
    ${'unionpay/bank_app:/app'}                  | ${false}
    ${'unionpay/bank_app:01-05/app'}             | ${false}
    ${'unionpay/bank_app:01050105010501050/app'} | ${false}
    ${'constructor/toString/valueOf'}            | ${false}
  `('"$text" is one: $known', ({ text, known }) => {
    const parsed = parseMethod(text);

    expect(parsed.ok).toBe(known);
    if (parsed.ok) expect(methodText(parsed.value)).toBe(text);
    else expect(parsed.refusal).toEqual({ code: 'method_malformed' });
  });

  it('is written in one way only', () => {
    const instruments = fc.oneof(
      fc.constantFrom('wechat_pay', 'alipay', 'cloud_quickpass'),
      fc.stringMatching(/^[0-9A-Za-z]{1,16}$/).map((bank) => `bank_app:${bank}`),
    );
    const anyText = fc
      .tuple(fc.constantFrom(...PROVIDERS), instruments, fc.constantFrom(...PRESENTATIONS))
      .map((parts) => parts.join('/'));
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        const [a, b] = [parseMethod(one), parseMethod(other)];
        expect(a.ok && methodText(a.value)).toBe(one);
        expect(a.ok && b.ok && sameMethod(a.value, b.value)).toBe(one === other);
      }),
    );
  });

  it('has an instrument that is never a name of the language', () => {
    const names = Object.getOwnPropertyNames(Object.prototype);

    expect(names.filter(isInstrument)).toEqual([]);
  });
});
