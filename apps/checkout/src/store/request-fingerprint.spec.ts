import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Secret } from '@hutong/config';
import { platformId } from '@hutong/domain-events';
import { payerKeyOf } from '../payer/payer-key.signature.js';
import {
  fingerprintKeyFrom,
  isSameRequest,
  requestFingerprint,
} from './request-fingerprint.signature.js';

const pepper = Secret.of('a pepper for specs, long enough to pass');
const key = fingerprintKeyFrom(pepper);
const request = { path: '/payments', body: '{"payer":{"userId":"user-1"}}' };
const fingerprint = requestFingerprint(key, request);

/** RFC 5869 by hand: no salt, one block. */
const derived = (label: string): Buffer => {
  const extracted = createHmac('sha256', Buffer.alloc(32)).update(pepper.reveal()).digest();
  return createHmac('sha256', extracted).update(`${label}\x01`).digest();
};

describe("a request's fingerprint", () => {
  it('is the keyed hash over path and body, under a key derived for nothing else', () => {
    expect(Buffer.from(key)).toEqual(derived('hutong checkout request fingerprint v1'));
    const text = `${request.path}\n${request.body}`;
    expect(fingerprint).toBe(createHmac('sha256', key).update(text).digest('hex'));
  });

  it('can be made neither without the pepper nor from what payer keys are made with', () => {
    const text = `${request.path}\n${request.body}`;
    expect(fingerprint).not.toBe(createHash('sha256').update(text).digest('hex'));
    expect(fingerprint).not.toBe(createHmac('sha256', pepper.reveal()).update(text).digest('hex'));
    expect(fingerprint).not.toContain(payerKeyOf(pepper, platformId('taobao'), 'user-1'));
  });

  it.each<[what: string, made: () => string]>([
    ['path', () => requestFingerprint(key, { ...request, path: '/payments/' })],
    ['body', () => requestFingerprint(key, { ...request, body: `${request.body} ` })],
    ['pepper', () => requestFingerprint(fingerprintKeyFrom(Secret.of('x'.repeat(32))), request)],
  ])('is another with another %s', (_, made) => {
    expect(isSameRequest(made(), fingerprint)).toBe(false);
  });

  it('is the same for text and for its bytes', () => {
    const body = Buffer.from(request.body);
    expect(isSameRequest(requestFingerprint(key, { ...request, body }), fingerprint)).toBe(true);
  });

  it.each<string>(['', 'ab', 'not hexadecimal', `${fingerprint}00`, fingerprint.slice(2)])(
    'is not %j, whatever that is',
    (kept) => {
      expect(isSameRequest(fingerprint, kept)).toBe(false);
    },
  );
});
