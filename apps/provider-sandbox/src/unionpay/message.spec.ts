import { describe, expect, it } from '@jest/globals';
import { rawText, readForm } from './message.js';
import { messageOf } from './result-code.js';

describe('an answer', () => {
  it('is in the order of names and not encoded', () => {
    const fields = { b: 'a+b/c==', a: 'x\r\ny', reserved: '{k=1&l=2}' };
    expect(rawText(fields)).toBe('a=x\r\ny&b=a+b/c==&reserved={k=1&l=2}');
  });

  it('ends its text in seven characters in brackets', () => {
    expect(messageOf('00')).toBe('成功[0000000]');
    expect(messageOf('A6')).toBe('有缺陷的成功[A600000]');
    expect(messageOf('10', 'txnAmt')).toBe('报文格式错误: txnAmt[1000000]');
  });
});

describe('a form', () => {
  it.each([
    ['a=1&b=', { a: '1', b: '' }],
    ['a=1+2&b=%2B%3D%26', { a: '1 2', b: '+=&' }],
    ['a=%E8%8C%B6%0D%0A', { a: '茶\r\n' }],
    ['a=b=c', { a: 'b=c' }],
  ])('%s is decoded once', (text, fields) => {
    expect(readForm(text)).toEqual(fields);
  });

  it.each(['', 'a', '=1', 'a=1&', 'a=1&a=1', 'a=%', 'a=%G0', 'a=%FF', 'a=茶', 'a=1 2', 'a=1\n'])(
    '%j is none',
    (text) => {
      expect(readForm(text)).toBeUndefined();
    },
  );
});
