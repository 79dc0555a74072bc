import { expect, it } from '@jest/globals';
import { isInstrument } from '@hutong/domain-events';
import fc from 'fast-check';
import { instrumentOf } from './unionpay.instruments.js';

it.each<[reserved: string | undefined, instrument: string]>([
  [undefined, 'cloud_quickpass'],
  ['', 'cloud_quickpass'],
  ['{payApp=UPAY}', 'cloud_quickpass'],
  ['{payApp=ALIPAY}', 'alipay'],
  ['{payApp=BANK&issInsCode=0105}', 'bank_app:0105'],
  ['{issInsCode=0105&payApp=BANK&note=a=b}', 'bank_app:0105'],
  ['{payApp=BANK}', 'cloud_quickpass'],
  ['{payApp=BANK&issInsCode=01-05}', 'cloud_quickpass'],
  ['{payApp=WECHAT}', 'cloud_quickpass'],
  ['{payApp=constructor}', 'cloud_quickpass'],
  ['payApp=ALIPAY', 'cloud_quickpass'],
  ['{payApp=ALIPAY', 'cloud_quickpass'],
])('%p was paid with %s', (reserved, instrument) => {
  expect(instrumentOf(reserved)).toBe(instrument);
});

it('is always an instrument', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    'payApp',
    'BANK',
    '=',
    '&',
    'issInsCode',
    '0105',
    '中',
    '\n',
  );
  fc.assert(
    fc.property(fc.array(pieces), (parts) => {
      expect(isInstrument(instrumentOf(`{payApp=BANK&${parts.join('')}}`))).toBe(true);
    }),
  );
});
