import { createDecipheriv, createSign, createVerify, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { answerMessage, isSignedBy, requestMessage, sealed, signed } from './wechat.signature.js';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const EMPTY = Buffer.alloc(0);

describe('the signed message', () => {
  it('of a request is the five lines that WeChat documents, an empty body included', () => {
    const message = requestMessage({
      method: 'GET',
      url: '/v3/certificates',
      timestamp: '1554208460',
      nonce: '593BEC0C930BF1AFEB40B4A08C8FB242',
      body: EMPTY,
    });
    expect(message.toString()).toBe(
      'GET\n/v3/certificates\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n\n',
    );
  });

  it('of a request has the query and the bytes as they were sent', () => {
    const message = requestMessage({
      method: 'POST',
      url: '/v3/pay/transactions/out-trade-no/a%7Cb/close?x=%E8%8C%B6',
      timestamp: '1',
      nonce: 'n',
      body: Buffer.from('{ "a" :\r\n"茶"}'),
    });
    expect(message.toString()).toBe(
      'POST\n/v3/pay/transactions/out-trade-no/a%7Cb/close?x=%E8%8C%B6\n1\nn\n{ "a" :\r\n"茶"}\n',
    );
  });

  it('of an answer is three lines, and of an empty one ends in a bare line feed', () => {
    expect(answerMessage('1', 'n', Buffer.from('{}')).toString()).toBe('1\nn\n{}\n');
    expect(answerMessage('1', 'n', EMPTY).toString()).toBe('1\nn\n\n');
  });
});

describe('a signature', () => {
  const message = Buffer.from('1\nn\n{}\n');
  const byNode = createSign('RSA-SHA256').update('1\nn\n{}\n').sign(privateKey, 'base64');

  it('is the one that RSA PKCS#1 v1.5 over SHA-256 gives', () => {
    expect(signed(message, privateKey)).toBe(byNode);
    const verifier = createVerify('RSA-SHA256').update(message);
    expect(verifier.verify(publicKey, signed(message, privateKey), 'base64')).toBe(true);
  });

  it.each([
    ['as it was made', message, byNode, publicKey, true],
    ['for another message', Buffer.from('1\nn\n{ }\n'), byNode, publicKey, false],
    ['with another key', message, byNode, other.publicKey, false],
    ['after its last byte was changed', message, `${byNode.slice(0, -4)}AA==`, publicKey, false],
    ['cut short', message, byNode.slice(0, -4), publicKey, false],
    ['with a line break in it', message, `${byNode}\n`, publicKey, false],
    ['with a probe before it', message, `WECHATPAY/SIGNTEST/${byNode}`, publicKey, false],
    ['empty', message, '', publicKey, false],
  ])('is judged %s', (_, text, signature, key, expected) => {
    expect(isSignedBy(text, signature, key)).toBe(expected);
  });
});

describe('a sealed resource', () => {
  it('opens with the key as text, the nonce and the associated data', () => {
    const apiV3Key = '0123456789abcdef0123456789abcdef';
    const text = sealed('{"茶":1}', { apiV3Key, nonce: '0123456789ab', associatedData: 'tea' });
    const bytes = Buffer.from(text, 'base64');
    const open = createDecipheriv('aes-256-gcm', apiV3Key, '0123456789ab', { authTagLength: 16 })
      .setAAD(Buffer.from('tea'))
      .setAuthTag(bytes.subarray(-16));
    const plain = open.update(bytes.subarray(0, -16), undefined, 'utf8') + open.final('utf8');
    expect(plain).toBe('{"茶":1}');
  });
});
