import { describe, expect, it } from '@jest/globals';
import { checkFields, SHAPES } from './request-fields.js';
import { kindOf } from './routes.js';

const common = {
  version: '5.1.0',
  encoding: 'UTF-8',
  signMethod: '01',
  certId: '69026276696',
  signature: 'c2lnbmVk',
  txnType: '01',
  txnSubType: '01',
  bizType: '000201',
  accessType: '0',
  merId: '777290058110048',
  orderId: '01JD0000000000000000000001',
  txnTime: '20261124160000',
};
const moving = {
  ...common,
  channelType: '08',
  txnAmt: '12800',
  backUrl: 'http://127.0.0.1:3013/notifications',
};
const creating = { ...moving, currencyCode: '156' };
const origQryId = '202611241600000000010';
/** What each call cannot do without. */
const needed = {
  page: { ...creating, frontUrl: 'https://shop.example/back?a=1' },
  app: creating,
  qr: creating,
  barcode: { ...creating, qrNo: '6212345678901234567', termId: '49000002' },
  undo: { ...moving, origQryId },
  refund: { ...moving, origQryId },
  query: common,
} as const;
const kinds = ['page', 'app', 'qr', 'barcode', 'undo', 'refund', 'query'] as const;
const answer = (kind: (typeof kinds)[number], fields: Record<string, string>) => {
  const checked = checkFields(fields, SHAPES[kind]);
  return checked.ok ? 'ok' : `${checked.refusal.code} ${checked.refusal.issue}`;
};

describe.each(kinds)('the fields of %s', (kind) => {
  it('are these', () => {
    expect(answer(kind, needed[kind])).toBe('ok');
  });

  it.each(Object.keys(needed[kind]))('are 13 without %s, and 10 where it is nonsense', (name) => {
    expect(answer(kind, { ...needed[kind], [name]: '' })).toBe(`13 ${name}`);
    const nonsense = name === 'signature' ? '\n' : '\u0000';
    expect(answer(kind, { ...needed[kind], [name]: nonsense })).toBe(`10 ${name}`);
  });

  it('may have what the merchant wants back, and nothing that nobody knows', () => {
    expect(answer(kind, { ...needed[kind], reqReserved: '茶, 250 g + 1' })).toBe('ok');
    expect(answer(kind, { ...needed[kind], reqReserved: 'a&b' })).toBe('10 reqReserved');
    expect(answer(kind, { ...needed[kind], 'a{b=': '1' })).toBe('10 a?b?');
  });
});

it.each<[string, string, Record<string, string>]>([
  ['payTimeout', '20261124161500', {}],
  ['reserved', '{cardNumberLock=1&x=2}', {}],
  ['riskRateInfo', '{commodityName=tea}', {}],
  ['encoding', 'utf-8', {}],
])('an order may say %s=%s', (name, value) => {
  expect(answer('app', { ...creating, [name]: value })).toBe('ok');
});

it.each<[string, string]>([
  ['payTimeout', '20261124162500000'],
  ['reserved', 'x=1'],
  ['txnAmt', '0128'],
  ['txnAmt', '1.28'],
  ['orderId', '1234567'],
  ['orderId', 'A'.repeat(33)],
  ['backUrl', 'ftp://shop.example/'],
  ['currencyCode', '840'],
  ['accessType', '1'],
])('an order may not say %s=%s', (name, value) => {
  expect(answer('app', { ...creating, [name]: value })).toBe(`10 ${name}`);
});

type Row = { path: string; txnType: string; sub: string; biz: string; kind: string | undefined };
it.each<Row>`
  path               | txnType | sub     | biz         | kind
  ${'frontTransReq'} | ${'01'} | ${'01'} | ${'000201'} | ${'page'}
  ${'appTransReq'}   | ${'01'} | ${'01'} | ${'000201'} | ${'app'}
  ${'backTransReq'}  | ${'01'} | ${'07'} | ${'000000'} | ${'qr'}
  ${'backTransReq'}  | ${'01'} | ${'06'} | ${'000000'} | ${'barcode'}
  ${'backTransReq'}  | ${'31'} | ${'00'} | ${'000201'} | ${'undo'}
  ${'backTransReq'}  | ${'31'} | ${'00'} | ${'000000'} | ${'undo'}
  ${'backTransReq'}  | ${'04'} | ${'00'} | ${'000201'} | ${'refund'}
  ${'queryTrans'}    | ${'00'} | ${'00'} | ${'000000'} | ${'query'}
  ${'queryTrans'}    | ${'00'} | ${'00'} | ${'000201'} | ${undefined}
  ${'appTransReq'}   | ${'01'} | ${'01'} | ${'000000'} | ${undefined}
  ${'backTransReq'}  | ${'01'} | ${'01'} | ${'000201'} | ${undefined}
  ${'frontTransReq'} | ${'01'} | ${'07'} | ${'000000'} | ${undefined}
  ${'appTransReq'}   | ${'04'} | ${'00'} | ${'000201'} | ${undefined}
`('$path $txnType/$sub $biz is $kind', ({ path, txnType, sub, biz, kind }) => {
  const types = { txnType, txnSubType: sub, bizType: biz };
  expect(kindOf(`/gateway/api/${path}.do`, types)).toBe(kind);
});
