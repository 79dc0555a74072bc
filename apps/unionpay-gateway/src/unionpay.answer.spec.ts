import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { answerOf } from './unionpay.answer.js';
import { recorded } from './recorded.examples.js';

const rawText = (fields: Readonly<Record<string, string>>) =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

describe('an answer', () => {
  it.each<[what: string, text: string, fields: Readonly<Record<string, string>>]>([
    ['a pair', 'respCode=00', { respCode: '00' }],
    ['several', 'a=1&b=2', { a: '1', b: '2' }],
    ['an empty value', 'a=&b=2', { a: '', b: '2' }],
    ['base64', 'signature=a+b/c==&a=1', { signature: 'a+b/c==', a: '1' }],
    ['a percent', 'a=100%25&b=%', { a: '100%25', b: '%' }],
    ['an & in braces', 'reserved={a=1&b=2}&c=3', { reserved: '{a=1&b=2}', c: '3' }],
    ['an & in brackets', 'r=[a&b]&c=3', { r: '[a&b]', c: '3' }],
    ['an & in both', 'r={a=[1&2]&b={3&4}}&c=3', { r: '{a=[1&2]&b={3&4}}', c: '3' }],
    ['their messages', 'respMsg=成功[0000000]&a=1', { respMsg: '成功[0000000]', a: '1' }],
    [
      'lines',
      'pem=-----A\r\nb+/=\r\n-----\r\n&a=1',
      { pem: '-----A\r\nb+/=\r\n-----\r\n', a: '1' },
    ],
    ['something before braces', 'r=x{&}y&a=1', { r: 'x{&}y', a: '1' }],
    ['a name like a prototype', '__proto__=1', Object.fromEntries([['__proto__', '1']])],
  ])('with %s is cut, and nothing of it decoded', (_, text, fields) => {
    expect(answerOf(text)).toEqual(fields);
  });

  it.each<[what: string, text: string]>([
    ['a brace that is never closed', 'reserved={a=1&respCode=00'],
    ['a bracket that is never closed', 'respMsg=[00&respCode=00'],
    ['a brace that nobody opened', 'reserved=a}&respCode=00'],
    ['one of each', 'reserved={a]&respCode=00'],
    ['braces across', 'reserved={a[b}c]&respCode=00'],
    ['a pair without =', 'respCode=00&page'],
    ['a pair without a name', '=00'],
    ['a name twice', 'respCode=05&respCode=00'],
    ['an & at its end', 'respCode=00&'],
    ['a brace in a name', '{a}=1'],
    ['space in a name', ' a=1'],
    ['nothing', ''],
    ['a page', '<html><body class="a">系统繁忙</body></html>'],
  ])('with %s is none', (_, text) => {
    expect(answerOf(text)).toBeUndefined();
  });

  it('keeps the certificate as it came, line ends and all', () => {
    const said = answerOf(recorded.vectors.queried.body);
    expect(said?.['signPubKeyCert']).toMatch(/^-----BEGIN CERTIFICATE-----\r\n.+-----$/s);
    expect(said?.['reserved']).toBe('{payApp=BANK&issInsCode=0105&note=[a&b]}');
    expect(said?.['reqReserved']).toBe('a+b/c==');
  });

  const names = fc.stringMatching(/^[0-9A-Za-z_]{1,12}$/);
  const plain = fc.string({
    unit: fc.constantFrom('+', '/', '=', '%', ' ', '\r', '\n', '龙', 'a'),
  });
  const { nested } = fc.letrec<{ nested: string }>((tie) => ({
    nested: fc
      .tuple(
        fc.constantFrom(['{', '}'] as const, ['[', ']'] as const),
        fc.array(fc.oneof(plain, fc.constant('&'), fc.constant('a=1&b=2'), tie('nested')), {
          maxLength: 4,
        }),
      )
      .map(([[opens, closes], inner]) => `${opens}${inner.join('')}${closes}`),
  }));
  const values = fc.array(fc.oneof(plain, nested), { maxLength: 4 }).map((parts) => parts.join(''));

  it('is read as it was written, whatever its values hold', () => {
    fc.assert(
      fc.property(fc.dictionary(names, values, { minKeys: 1 }), (fields) => {
        expect(answerOf(rawText(fields))).toEqual({ ...fields });
      }),
    );
  });

  it('is read or refused, never thrown at, and never read as something else', () => {
    const noise = fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '&', '=', 'a', 'b', '%') });
    fc.assert(
      fc.property(noise, (text) => {
        const said = answerOf(text);
        if (said !== undefined) expect(rawText(said)).toBe(text);
      }),
    );
  });

  it('is none once any of its brackets is missing', () => {
    fc.assert(
      fc.property(nested, fc.nat(), (value, nth) => {
        const brackets = [...value.matchAll(/[{}[\]]/g)].map(({ index }) => index);
        const at = brackets[nth % brackets.length] ?? 0;
        const torn = value.slice(0, at) + value.slice(at + 1);
        expect(answerOf(`a=${torn}&b=2`)).toBeUndefined();
      }),
    );
  });
});
