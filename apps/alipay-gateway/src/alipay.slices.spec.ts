import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { slicesOf } from './alipay.slices.js';

const slices = (text: string) => Object.fromEntries(slicesOf(text) ?? []);

describe('a slice', () => {
  type Row = Readonly<{ what: string; text: string; cut: Readonly<Record<string, string>> }>;
  it.each<Row>([
    { what: 'an empty object', text: '{}', cut: {} },
    { what: 'nothing but space', text: ' {\n} ', cut: {} },
    {
      what: 'an answer',
      text: '{"r":{"code":"10000"},"sign":"a+/="}',
      cut: { r: '{"code":"10000"}', sign: '"a+/="' },
    },
    {
      what: 'members the other way round',
      text: '{"sign":"s","r":{"code":"10000"}}',
      cut: { sign: '"s"', r: '{"code":"10000"}' },
    },
    {
      what: 'space around',
      text: '{ "r" :\t{ "a" : 1 } \r\n, "s" : 2 }',
      cut: { r: '{ "a" : 1 }', s: '2' },
    },
    {
      what: 'braces in a text',
      text: '{"r":{"subject":"}]{["},"s":1}',
      cut: { r: '{"subject":"}]{["}', s: '1' },
    },
    {
      what: 'escaped quotes before braces',
      text: String.raw`{"r":{"subject":"\"},\"sign\":\"x"},"sign":"y"}`,
      cut: { r: String.raw`{"subject":"\"},\"sign\":\"x"}`, sign: '"y"' },
    },
    {
      what: 'a backslash that escapes a backslash',
      text: String.raw`{"r":{"subject":"\\"},"sign":"y"}`,
      cut: { r: String.raw`{"subject":"\\"}`, sign: '"y"' },
    },
    {
      what: 'slashes that are escaped',
      text: String.raw`{"r":{"qr_code":"https:\/\/qr.alipay.com\/b"},"sign":"y"}`,
      cut: { r: String.raw`{"qr_code":"https:\/\/qr.alipay.com\/b"}`, sign: '"y"' },
    },
    {
      what: 'encrypted content',
      text: '{"r":"c2Vj,cmV0}==","sign":"y"}',
      cut: { r: '"c2Vj,cmV0}=="', sign: '"y"' },
    },
    {
      what: 'a signature within what is signed',
      text: '{"r":{"sign":"inner","r":{"sign":"deeper"}},"sign":"outer"}',
      cut: { r: '{"sign":"inner","r":{"sign":"deeper"}}', sign: '"outer"' },
    },
    {
      what: 'names that are escaped',
      text: String.raw`{"\u0072":1,"s\"":2}`,
      cut: { r: '1', 's"': '2' },
    },
    {
      what: 'lists',
      text: '{"r":[{"a":[1,{"b":"]"}]},2],"s":[]}',
      cut: { r: '[{"a":[1,{"b":"]"}]},2]', s: '[]' },
    },
    {
      what: 'words of JSON',
      text: '{"a":true,"b":null,"c":-1.5e3}',
      cut: { a: 'true', b: 'null', c: '-1.5e3' },
    },
    {
      what: 'a name like a prototype',
      text: '{"constructor":{"a":1}}',
      cut: { constructor: '{"a":1}' },
    },
    {
      what: 'Chinese',
      text: '{"r":{"subject":"龙井茶“,”"},"s":"签"}',
      cut: { r: '{"subject":"龙井茶“,”"}', s: '"签"' },
    },
  ])('of $what is exactly as it was written', ({ text, cut }) => {
    expect(slices(text)).toEqual(cut);
  });

  it.each([
    ['a member twice', '{"r":{"code":"10000"},"sign":"a","r":{"code":"40004"}}'],
    ['a member twice, once escaped', String.raw`{"sign":"a","\u0073ign":"b"}`],
    ['a list', '[{"r":1}]'],
    ['a text', '"r"'],
    ['nothing', ''],
    ['null', 'null'],
    ['a page', '<html><body>系统繁忙</body></html>'],
    ['two objects', '{"r":1}{"s":2}'],
    ['an object without its end', '{"r":{"code":"10000"}'],
    ['a comma too many', '{"r":1,}'],
    ['a single quote', "{'r':1}"],
    ['a byte order mark', '\ufeff{"r":1}'],
  ])('is there of none of %s', (_, text) => {
    expect(slicesOf(text)).toBeUndefined();
  });

  const members = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue(), { maxKeys: 6 });

  it('of any object is a part of its text, and says the same', () => {
    const layouts = fc.constantFrom(undefined, 1, '\t', ' \n ');
    fc.assert(
      fc.property(members, layouts, (object, layout) => {
        const json: unknown = JSON.parse(JSON.stringify(object));
        const text = JSON.stringify(json, undefined, layout === ' \n ' ? '  ' : layout);
        const cut = slicesOf(text);
        expect([...(cut?.keys() ?? [])].toSorted()).toEqual(Object.keys(object).toSorted());
        for (const [name, slice] of cut ?? []) {
          expect(text).toContain(slice);
          expect(slice).toBe(slice.trim());
          expect(JSON.parse(slice)).toEqual(
            Object.entries(json ?? {}).find(([n]) => n === name)?.[1],
          );
        }
      }),
    );
  });

  it('is found again between whatever else, escaped in whatever way', () => {
    const texts = fc.string({
      unit: fc.constantFrom('\\', '"', '{', '}', '[', ']', ',', ':', '/', ' ', '龙'),
    });
    fc.assert(
      fc.property(texts, texts, texts, (name, before, inside) => {
        const signed = JSON.stringify({ inside }).replaceAll('/', '\\/');
        const text = `{${JSON.stringify(`x${name}`)}:${JSON.stringify(before)} , "r":${signed}\n,"sign":"s"}`;
        expect(slicesOf(text)?.get('r')).toBe(signed);
      }),
    );
  });

  it('is cut or refused, never thrown at, whatever comes', () => {
    const noise = fc.string({
      unit: fc.constantFrom('{', '}', '"', '\\', ',', ':', 'a', '1', '[', ']', ' '),
    });
    fc.assert(
      fc.property(noise, (text) => {
        for (const slice of slicesOf(text)?.values() ?? []) {
          expect(() => JSON.parse(slice) as unknown).not.toThrow();
        }
      }),
    );
  });
});
