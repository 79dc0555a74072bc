import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { Secret } from '@hutong/config';
import { platformId } from '@hutong/domain-events';
import { fingerprintOf, payerKeyOf } from './payer-key.signature.js';

const pepper = Secret.of('a pepper for specs, long enough to pass');
const other = Secret.of('another pepper for specs, as long as it');
const [taobao, taob] = [platformId('taobao'), platformId('taob')];

describe('a payer key', () => {
  it('is the first 128 bits of the keyed hash over both parts with their lengths', () => {
    const bytes = Buffer.from('\0\0\0\x06taobao\0\0\0\x06user-é', 'utf8');
    const mac = createHmac('sha256', pepper.reveal());
    const whole = mac
      .update(bytes.subarray(0, 10))
      .update('\0\0\0\x07')
      .update('user-é')
      .digest('hex');
    expect(payerKeyOf(pepper, taobao, 'user-é')).toBe(whole.slice(0, 32));
  });

  it('is another for another user, platform or pepper, and the same for the same', () => {
    const keys = [
      payerKeyOf(pepper, taobao, 'user'),
      payerKeyOf(pepper, taobao, 'user2'),
      payerKeyOf(pepper, taob, 'aouser'),
      payerKeyOf(other, taobao, 'user'),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(payerKeyOf(pepper, taobao, 'user')).toBe(keys[0]);
  });

  it('tells peppers apart without showing them', () => {
    expect(fingerprintOf(pepper)).not.toBe(fingerprintOf(other));
    expect(fingerprintOf(pepper)).not.toContain('pepper');
  });
});
