import { describe, expect, it } from '@jest/globals';
import {
  attemptId,
  bankCode,
  eventId,
  idPatterns,
  isId,
  merchantId,
  payerKey,
  paymentId,
  platformId,
  providerRef,
  refundId,
} from './ids.js';

const makers = {
  paymentId,
  eventId,
  attemptId,
  refundId,
  platformId,
  merchantId,
  payerKey,
  providerRef,
  bankCode,
};
type Kind = keyof typeof idPatterns;

describe('an id', () => {
  it.each<{ kind: Kind; good: string; bad: readonly string[] }>([
    {
      kind: 'paymentId',
      good: '019aa9c2-7c00-7d3e-8a11-5b0c4e2f9a01',
      bad: [
        '019aa9c2-7c00-4d3e-8a11-5b0c4e2f9a01', // another version
        '019aa9c2-7c00-7d3e-ca11-5b0c4e2f9a01', // another variant
        '019AA9C2-7C00-7D3E-8A11-5B0C4E2F9A01',
        '{019aa9c2-7c00-7d3e-8a11-5b0c4e2f9a01}',
      ],
    },
    { kind: 'eventId', good: '019aa9c2-7f00-7000-8000-000000000001', bad: ['e-1'] },
    {
      kind: 'attemptId',
      good: '01KANW4Z00Q2W3E4R5T6Y7V8X9',
      bad: [
        '01kanw4z00q2w3e4r5t6y7v8x9',
        '81KANW4Z00Q2W3E4R5T6Y7V8X9', // more than 48 bits of time
        '01KANW4Z00Q2W3E4R5T6Y7V8XI', // no I, L, O or U in Crockford's alphabet
        '01KANW4Z00Q2W3E4R5T6Y7V8X',
      ],
    },
    { kind: 'refundId', good: '01KANWC9S0A1B2C3D4E5F6G7H8', bad: ['R01KANWC9S0A1B2C3D4E5F6G7H8'] },
    {
      kind: 'platformId',
      good: 'wechat_mini_program',
      bad: ['Taobao', '1688', 't', 'a'.repeat(33)],
    },
    { kind: 'merchantId', good: 'm-1001', bad: ['m 1001', 'm/1001', '商家', 'm'.repeat(65)] },
    {
      kind: 'payerKey',
      good: '9f86d081884c7d659a2feaa0c55ad015',
      bad: ['oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', '9F86D081884C7D659A2FEAA0C55AD015', '9f86d081'],
    },
    { kind: 'providerRef', good: '4200002477202611240123456789', bad: ['42 00', '4'.repeat(65)] },
    { kind: 'bankCode', good: '0105', bad: ['01-05', '0'.repeat(17)] },
  ])('of kind $kind is like $good', ({ kind, good, bad }) => {
    const make: (text: string) => string = makers[kind];

    expect(make(good)).toBe(good);
    for (const text of ['', `${good}\n`, ` ${good}`, ...bad]) {
      expect(isId(kind, text)).toBe(false);
      expect(() => make(text)).toThrow(new RangeError(`not a ${kind}`));
    }
  });

  it('has a constructor for each pattern', () => {
    expect(Object.keys(makers).toSorted()).toEqual(Object.keys(idPatterns).toSorted());
  });
});
