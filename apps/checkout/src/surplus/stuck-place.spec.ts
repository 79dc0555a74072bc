import { describe, expect, it } from '@jest/globals';
import { paymentId, providerRef } from '@hutong/domain-events';
import { placeFrom, placeText, STUCK_PLACE, type StuckPlace } from './stuck-place.js';

const PLACE: StuckPlace = {
  since: new Date('2026-11-27T08:00:00.001Z'),
  paymentId: paymentId('0193a4c1-8b7e-7c3a-9d52-1f0e5a6b7c8d'),
  provider: 'wechat',
  providerRef: providerRef('4200_0-9'),
};
const TEXT = '1795766400001.0193a4c1-8b7e-7c3a-9d52-1f0e5a6b7c8d.wechat.4200_0-9';

describe('a place among stuck surplus', () => {
  it('is the same after it was written and read', () => {
    expect(placeText(PLACE)).toBe(TEXT);
    expect(TEXT).toMatch(STUCK_PLACE);
    expect(placeFrom(TEXT)).toEqual(PLACE);
  });

  it.each([
    '',
    '1795766400001',
    `${TEXT}.`,
    ` ${TEXT}`,
    `${TEXT}\n`,
    TEXT.replace('1795766400001', '17957664000010000'),
    TEXT.replace('1795766400001', '-179576640000'),
    TEXT.replace('0193a4c1', '0193A4C1'),
    TEXT.replace('wechat', 'paypal'),
    TEXT.replace('4200_0-9', ''),
    TEXT.replace('4200_0-9', '9'.repeat(65)),
  ])('is not read from %j', (text) => {
    expect(text).not.toMatch(STUCK_PLACE);
    expect(() => placeFrom(text)).toThrow(new RangeError('not a place among stuck surplus'));
  });
});
