import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formOf, formText } from './form.js';

const read = (text: string) => formOf(new TextEncoder().encode(text));

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `f${i}=1`).join('&');

describe('a form', () => {
  it('may have as many fields as any notification, with room to spare', () => {
    expect(Object.keys(read(numbered(200)) ?? {})).toHaveLength(200);
  });

  it.each<[what: string, text: string, fields: Readonly<Record<string, string>>]>([
    ['a plus that is a space', 'subject=two+tickets', { subject: 'two tickets' }],
    ['a plus of its own', 'sign=a%2Bb%2F%3D', { sign: 'a+b/=' }],
    ['a percent of its own', 'subject=100%25+silk', { subject: '100% silk' }],
    ['what looks encoded twice', 'subject=%2525', { subject: '%25' }],
    ['Chinese', 'subject=%E9%BE%99%E4%BA%95', { subject: '龙井' }],
    ['an empty value', 'body=&a=1', { body: '', a: '1' }],
    ['a name alone', 'body&a=1', { body: '', a: '1' }],
    ['an equals sign in a value', 'a=b=c', { a: 'b=c' }],
    ['JSON', 'fund_bill_list=%5B%7B%22a%22%3A%221%22%7D%5D', { fund_bill_list: '[{"a":"1"}]' }],
    ['a name like a prototype', '__proto__=1', Object.fromEntries([['__proto__', '1']])],
  ])('with %s is decoded once', (_, text, fields) => {
    expect(read(text)).toEqual(fields);
  });

  it.each<[what: string, body: Uint8Array]>([
    ['a name twice', Buffer.from('a=1&b=2&a=1')],
    ['a name twice, once encoded', Buffer.from('sign=1&s%69gn=2')],
    ['a percent that escapes nothing', Buffer.from('subject=100%')],
    ['escaped bytes that are no UTF-8', Buffer.from('subject=%C1%FA')],
    ['raw bytes that are no UTF-8', Uint8Array.of(0x61, 0x3d, 0xc1, 0xfa)],
    ['a field without a name', Buffer.from('a=1&=2')],
    ['nothing', Buffer.from('')],
    ['more fields than any notification has', Buffer.from(numbered(201))],
  ])('is none with %s', (_, body) => {
    expect(formOf(body)).toBeUndefined();
  });

  it('is read as it was written, whatever its values hold', () => {
    const fields = fc.dictionary(
      fc.stringMatching(/^[a-z_]{1,12}$/),
      fc.string({ unit: 'grapheme' }),
      {
        minKeys: 1,
      },
    );
    fc.assert(
      fc.property(fields, (form) => {
        expect(read(formText(form))).toEqual({ ...form });
      }),
    );
  });
});
