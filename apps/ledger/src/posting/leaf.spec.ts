import { describe, expect, it } from '@jest/globals';
import type { Instrument } from '@hutong/domain-events';
import { instrumentKind, kindsOf } from './leaf.js';

describe('an instrument', () => {
  it.each<[Instrument, string]>([
    ['wechat_pay', 'wechat_pay'],
    ['alipay', 'alipay'],
    ['cloud_quickpass', 'cloud_quickpass'],
    ['bank_app:0105', 'bank_app'],
  ])('%s is counted as %s', (instrument, kind) => {
    expect(instrumentKind(instrument)).toBe(kind);
  });
});

describe('a user of', () => {
  it.each([
    ['wechat_pay', ['wechat_pay']],
    ['unionpay', ['cloud_quickpass', 'bank_app']],
    ['any', ['wechat_pay', 'alipay', 'cloud_quickpass', 'bank_app']],
  ] as const)('%s pays with one of %j', (asked, kinds) => {
    expect(kindsOf(asked)).toEqual(kinds);
  });
});
