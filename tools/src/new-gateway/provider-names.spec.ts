import { describe, expect, it } from '@jest/globals';
import { nextOf, objectionTo, spellingsOf } from './provider-names.js';

const TAKEN = ['wechat', 'alipay', 'unionpay'];

describe('a new provider', () => {
  it.each(['ab', 'bestpay', 'p24', `p${'2'.repeat(31)}`])('may be called %s', (name) => {
    expect(objectionTo(name, TAKEN)).toBeUndefined();
  });

  it.each(['', 'a', 'Bestpay', 'best-pay', 'best_pay', '24p', ' bestpay', `p${'2'.repeat(32)}`])(
    'is not called "%s"',
    (name) => {
      expect(objectionTo(name, TAKEN)).toMatch(/^".*" is no name of a provider: /);
    },
  );

  it('is another one', () => {
    expect(objectionTo('alipay', TAKEN)).toBe('alipay is a provider already');
  });

  it('is spelt as types, variables and topics are', () => {
    expect(spellingsOf('bestpay')).toEqual({ name: 'bestpay', Name: 'Bestpay', NAME: 'BESTPAY' });
  });

  it('takes the number behind the last, of those that are for its kind', () => {
    expect(nextOf([1, 3, 2])).toBe(4);
    expect(nextOf([3101, 3103, 3110], 3110)).toBe(3104);
  });
});
