import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { sealed, type SigningKind } from './sealed.signature.js';
import { certIdOf, isSignedBy, signatureOf, signedText } from './unionpay.signature.js';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const fields = { txnTime: '20261124160000', txnAmt: '12800', orderId: '茶 & 1=2', merId: '' };

describe('the signature', () => {
  it('is of the sorted pairs, as they are, without itself and what is empty', () => {
    expect(signedText({ ...fields, signature: 'x', Z: '1' })).toBe(
      'Z=1&orderId=茶 & 1=2&txnAmt=12800&txnTime=20261124160000',
    );
  });

  it('is of the text of the digest, not of the text itself', () => {
    const signature = signatureOf(fields, privateKey);
    expect(isSignedBy({ ...fields, signature }, publicKey)).toBe(true);
    const once = sign('sha256', Buffer.from(signedText(fields)), privateKey).toString('base64');
    expect(isSignedBy({ ...fields, signature: once }, publicKey)).toBe(false);
  });

  const good = signatureOf(fields, privateKey);
  it.each([
    ['another amount', { ...fields, txnAmt: '12801', signature: good }],
    ['one more field', { ...fields, txnType: '01', signature: good }],
    ['the key of a stranger', { ...fields, signature: signatureOf(fields, stranger.privateKey) }],
    ['none', fields],
    ['an empty one', { ...fields, signature: '' }],
    ['one in another alphabet', { ...fields, signature: `${good.slice(0, -4)}-_==` }],
    ['one with a line end', { ...fields, signature: `${good}\n` }],
  ])('is not there with %s', (_, message) => {
    expect(isSignedBy(message, publicKey)).toBe(false);
  });

  it.each([
    ['7F'.padEnd(40, 'F'), '730750818665451459101842416358141509827966271487'],
    ['10000001', '268435457'],
  ])('names its certificate %s as %s', (serial, certId) => {
    expect(certIdOf(serial)).toBe(certId);
  });
});

describe('a message', () => {
  const signer = { privateKey, pem: '-----BEGIN\r\nEND-----' };
  it.each<[SigningKind, boolean]>([
    ['good', true],
    ['bad', false],
    ['unsigned', false],
    ['wrong_subject', true],
    ['expired', true],
    ['foreign_chain', true],
  ])('that is sealed %s verifies with the key of its own certificate: %s', (kind, verifies) => {
    const message = sealed({ ...fields, version: '5.1.0' }, signer, kind);
    expect(isSignedBy(message, publicKey)).toBe(verifies);
    expect('signPubKeyCert' in message).toBe(kind !== 'unsigned');
    if (kind !== 'unsigned') {
      const mended = { ...message, signPubKeyCert: signer.pem.replaceAll('\r\n', '\n') };
      expect(isSignedBy(mended, publicKey)).toBe(false);
    }
  });
});
