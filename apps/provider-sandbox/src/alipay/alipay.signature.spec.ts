import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { certificatePem, type Name } from '../tls/x509.signature.js';
import {
  certificateNumber,
  decrypted,
  encrypted,
  isSignedBy,
  noticeContent,
  requestContent,
  signed,
} from './alipay.signature.js';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

describe('what is signed', () => {
  const said = new Map([
    ['sign', 'x'],
    ['sign_type', 'RSA2'],
    ['b', '1 + 1 = 2'],
    ['a_b', '龙'],
    ['aZ', 'before the underscore'],
    ['empty', ''],
  ]);

  it('of a request is sorted by bytes, raw, without sign and what is empty', () => {
    expect(requestContent(said)).toBe('aZ=before the underscore&a_b=龙&b=1 + 1 = 2&sign_type=RSA2');
  });

  it('of a notification has no sign_type either', () => {
    expect(noticeContent(said)).toBe('aZ=before the underscore&a_b=龙&b=1 + 1 = 2');
  });

  it.each(['', '====', 'ab', 'a b=', 'not base64!'])('is not signed by %j', (signature) => {
    expect(isSignedBy('a=b', signature, publicKey)).toBe(false);
  });

  it('is signed over these very words', () => {
    const signature = signed('a=龙', privateKey);
    expect(isSignedBy('a=龙', signature, publicKey)).toBe(true);
    expect(isSignedBy('a=龙 ', signature, publicKey)).toBe(false);
    expect(isSignedBy('a=龙', `${signature}\n`, publicKey)).toBe(false);
  });
});

describe('content', () => {
  // openssl enc -aes-128-cbc -K 000102030405060708090a0b0c0d0e0f -iv 0… -base64
  const KEY = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex').toString('base64');

  it('is opened by the key that closed it alone', () => {
    const other = Buffer.alloc(16, 7).toString('base64');
    expect(decrypted(encrypted('{"a":"龙"}', KEY), KEY)).toBe('{"a":"龙"}');
    expect(decrypted(encrypted('{"a":"龙"}', KEY), other)).not.toBe('{"a":"龙"}');
    expect(decrypted('not base64!', KEY)).toBeUndefined();
    expect(decrypted('AAAA', KEY)).toBeUndefined();
  });

  it('is what openssl makes of it', () => {
    expect(encrypted('{"a":1}', KEY)).toBe('OPu5otG1drB6dWFGfVTzTA==');
  });
});

it('a certificate goes by its issuer, the common name first, and its number in decimal', () => {
  const issuer: Name = [
    ['C', 'CN'],
    ['O', 'A house'],
    ['CN', 'An authority'],
  ];
  const pem = certificatePem(
    {
      serial: '10',
      subject: 'Somebody',
      publicKey,
      notBefore: new Date('2026-01-01'),
      notAfter: new Date('2030-01-01'),
      isAuthority: false,
      hosts: [],
    },
    { subject: issuer, privateKey },
  );
  const name = 'CN=An authority,O=A house,C=CN16';
  expect(certificateNumber(pem)).toBe(createHash('md5').update(name).digest('hex'));
});
