import { expect, it } from '@jest/globals';
import { isInstrument, type Instrument } from '@hutong/domain-events';
import fc from 'fast-check';
import { instrumentBy, instrumentOf } from './unionpay.instruments.js';

it.each<[reserved: string | undefined, instrument: string | undefined]>([
  [undefined, undefined],
  ['', undefined],
  ['{payApp=UPAY}', 'cloud_quickpass'],
  ['{payApp=ALIPAY}', 'alipay'],
  ['{payApp=BANK&issInsCode=0105}', 'bank_app:0105'],
  ['{issInsCode=0105&payApp=BANK&note=a=b}', 'bank_app:0105'],
  ['{payApp=BANK}', undefined],
  ['{payApp=BANK&issInsCode=01-05}', undefined],
  ['{payApp=WECHAT}', undefined],
  ['{payApp=constructor}', undefined],
  ['payApp=ALIPAY', undefined],
  ['{payApp=ALIPAY', undefined],
])('%p was paid with %s', (reserved, instrument) => {
  expect(instrumentOf(reserved)).toBe(instrument);
});

it.each<[code: string | undefined, wanted: Instrument, instrument: Instrument]>([
  [undefined, 'bank_app:0105', 'bank_app:0105'],
  [undefined, 'alipay', 'alipay'],
  ['6221234567890123456', 'cloud_quickpass', 'cloud_quickpass'],
  ['6221234567890123456', 'bank_app:0105', 'bank_app:0105'],
  ['6221234567890123456', 'alipay', 'cloud_quickpass'],
  ['2812345678901234561', 'cloud_quickpass', 'alipay'],
  ['2512345678901234561', 'bank_app:0105', 'alipay'],
  ['3012345678901234561', 'cloud_quickpass', 'alipay'],
  ['2412345678901234561', 'cloud_quickpass', 'cloud_quickpass'],
])('a code %p, asked for as of %s, is expected of %s', (code, wanted, instrument) => {
  expect(instrumentBy(code, wanted)).toBe(instrument);
});

it('is an instrument or nothing', () => {
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
      const instrument = instrumentOf(`{payApp=BANK&${parts.join('')}}`);
      expect(instrument === undefined || isInstrument(instrument)).toBe(true);
    }),
  );
});
