import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { payerKey } from '@hutong/domain-events';
import { isInShare, slotOf } from './cohort.signature.js';

const payers = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => payerKey(Buffer.from(bytes).toString('hex')));
const salts = fc.stringMatching(/^[\w.-]{1,64}$/);
const shares = fc.integer({ min: 0, max: 10_000 });

describe('a share of payers', () => {
  it('only gains payers when it grows', () => {
    fc.assert(
      fc.property(salts, payers, shares, shares, (salt, payer, a, b) => {
        const [small, large] = a <= b ? [a, b] : [b, a];
        const inSmall = isInShare({ salt, shareBps: small }, payer);
        return !inSmall || isInShare({ salt, shareBps: large }, payer);
      }),
    );
  });

  it('ends exactly behind the slot where a payer stands', () => {
    fc.assert(
      fc.property(salts, payers, (salt, payer) => {
        const slot = slotOf(salt, payer);
        expect(isInShare({ salt, shareBps: slot }, payer)).toBe(false);
        expect(isInShare({ salt, shareBps: slot + 1 }, payer)).toBe(true);
      }),
    );
  });

  it('of nothing holds nobody, of everything everybody', () => {
    fc.assert(
      fc.property(salts, payers, (salt, payer) => {
        expect(isInShare({ salt, shareBps: 0 }, payer)).toBe(false);
        expect(isInShare({ salt, shareBps: 10_000 }, payer)).toBe(true);
      }),
    );
  });

  /** A deterministic sample: 20 000 keys. */
  const sample = Array.from({ length: 20_000 }, (_, i) =>
    payerKey(i.toString(16).padStart(32, '0')),
  );

  it.each([1, 100, 2_500, 9_999])('of %i steps is about as large as it says', (shareBps) => {
    const inside = sample.filter((key) => isInShare({ salt: 'pilot', shareBps }, key)).length;
    const expected = (sample.length * shareBps) / 10_000;
    const deviation = Math.sqrt((expected * (10_000 - shareBps)) / 10_000);
    expect(Math.abs(inside - expected)).toBeLessThan(5 * deviation + 1);
  });

  it('of another salt is of other payers', () => {
    const both = sample.filter(
      (key) =>
        isInShare({ salt: 'a', shareBps: 5_000 }, key) &&
        isInShare({ salt: 'b', shareBps: 5_000 }, key),
    ).length;
    expect(Math.abs(both - sample.length / 4)).toBeLessThan(500);
  });

  it('is sticky: a payer stands where they stand for ever', () => {
    // Written down once: a change here moves payers out of rollouts that are under way.
    const key = payerKey('0123456789abcdef0123456789abcdef');
    expect([slotOf('taobao-wechat-pilot', key), slotOf('pilot', key)]).toEqual([6_644, 4_679]);
  });
});
