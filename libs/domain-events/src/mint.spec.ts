import { describe, expect, it } from '@jest/globals';
import { mintAttemptId, mintEventId, mintPaymentId, mintRefundId } from './mint.js';

describe('ids', () => {
  it('of payments and events follow the example of RFC 9562, appendix A.6', () => {
    const random = Uint8Array.from([
      0, 0, 0, 0, 0, 0, 0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f,
    ]);
    const from = { at: new Date(0x017f22e279b0), random };

    expect(mintPaymentId(from)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
    expect(mintEventId(from)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  it('of attempts and refunds are ULIDs: ten characters of time, sixteen of randomness', () => {
    // The example of the ULID specification: 1469918176385 is 01ARYZ6S41.
    const from = { at: new Date(1469918176385), random: new Uint8Array(10).fill(0xff) };

    expect(mintAttemptId(from)).toBe('01ARYZ6S41ZZZZZZZZZZZZZZZZ');
    expect(mintRefundId({ ...from, random: new Uint8Array(10) })).toBe(
      '01ARYZ6S410000000000000000',
    );
  });

  it('made later sort later', () => {
    const random = new Uint8Array(16).fill(7);
    const times = [0, 1, 2 ** 32 - 1, 2 ** 32, 1_790_000_000_000];

    const payments = times.map((at) => mintPaymentId({ at: new Date(at), random }));
    const attempts = times.map((at) => mintAttemptId({ at: new Date(at), random }));

    expect(payments.toSorted()).toEqual(payments);
    expect(attempts.toSorted()).toEqual(attempts);
  });

  it('are refused on too little randomness', () => {
    const from = { at: new Date(0), random: new Uint8Array(9) };

    expect(() => mintPaymentId(from)).toThrow(RangeError);
    expect(() => mintAttemptId(from)).toThrow(RangeError);
  });
});
