import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Secret } from '@hutong/config';
import { mintAttemptId } from '@hutong/domain-events';
import fc from 'fast-check';
import { linkHashOf, linkTokenOf } from './link-token.signature.js';

const key = Secret.of('a link key for specs, long enough to pass');
const other = Secret.of('another link key for specs, as long as it');
const ids = fc
  .record({
    at: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
    random: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  })
  .map(mintAttemptId);

describe('the token of a link', () => {
  it('is the first 128 bits of the keyed hash of its id', () => {
    const id = mintAttemptId({ at: new Date(0), random: new Uint8Array(16) });
    const mac = createHmac('sha256', key.reveal()).update(`hutong share link\0${id}`).digest();
    expect(linkTokenOf(key, id)).toBe(mac.subarray(0, 16).toString('base64url'));
  });

  it('is the same again, another for every id and key, and holds neither', () => {
    fc.assert(
      fc.property(ids, ids, (one, two) => {
        const token = linkTokenOf(key, one);
        expect(token).toMatch(/^[\w-]{22}$/);
        expect(linkTokenOf(key, one)).toBe(token);
        expect(linkTokenOf(other, one)).not.toBe(token);
        expect(linkTokenOf(key, two) === token).toBe(one === two);
      }),
    );
  });

  it('is kept as a hash, whatever somebody makes up', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(linkHashOf(text)).toMatch(/^[0-9a-f]{64}$/);
      }),
    );
  });
});
