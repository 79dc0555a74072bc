import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { certificatePem, type CertificateTerms } from './x509.signature.js';

const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const owner = generateKeyPairSync('rsa', { modulusLength: 2048 });
const SERIAL = '4F'.padEnd(40, 'A');
const issuer = { subject: 'The authority', privateKey: authority.privateKey };
const terms: CertificateTerms = {
  serial: SERIAL,
  subject: 'Somebody',
  publicKey: owner.publicKey,
  notBefore: new Date('2025-11-24T08:00:00.000Z'),
  notAfter: new Date('2030-11-24T08:00:00.000Z'),
  isAuthority: false,
  hosts: ['api.mch.weixin.qq.com', 'api2.mch.weixin.qq.com'],
};
const read = (over: Partial<CertificateTerms> = {}) =>
  new X509Certificate(certificatePem({ ...terms, ...over }, issuer));
const itself = read({
  subject: 'The authority',
  publicKey: authority.publicKey,
  isAuthority: true,
  hosts: [],
});

describe('a certificate', () => {
  it('says what it was made to say', () => {
    const certificate = read();
    expect(certificate).toMatchObject({
      serialNumber: SERIAL,
      subject: 'CN=Somebody',
      issuer: 'CN=The authority',
      subjectAltName: 'DNS:api.mch.weixin.qq.com, DNS:api2.mch.weixin.qq.com',
      ca: false,
      validFrom: 'Nov 24 08:00:00 2025 GMT',
      validTo: 'Nov 24 08:00:00 2030 GMT',
    });
    expect(certificate.publicKey.equals(owner.publicKey)).toBe(true);
    expect(certificate.checkHost('api2.mch.weixin.qq.com')).toBe('api2.mch.weixin.qq.com');
    expect(certificate.checkHost('weixin.qq.com')).toBeUndefined();
  });

  it('is the word of its issuer, and of nobody else', () => {
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(read().verify(authority.publicKey)).toBe(true);
    expect(read().verify(stranger.publicKey)).toBe(false);
    expect(read().checkIssued(itself)).toBe(true);
    expect(itself.ca).toBe(true);
    expect(itself.verify(authority.publicKey)).toBe(true);
  });

  it('is signed by RSA where its issuer has such a key, and names more than one attribute in order', () => {
    const root = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const subject = [
      ['C', 'CN'],
      ['O', 'A house'],
      ['OU', 'One of its rooms'],
      ['CN', '龙'],
    ] as const;
    const signer = { subject, privateKey: root.privateKey };
    const certificate = new X509Certificate(certificatePem({ ...terms, subject }, signer));
    expect(certificate.verify(root.publicKey)).toBe(true);
    expect(certificate.subject).toBe('C=CN\nO=A house\nOU=One of its rooms\nCN=龙');
    expect(certificate.issuer).toBe(certificate.subject);
  });

  it.each([1, 100, 200, 300, 70_000])('is read with a name of %d letters', (length) => {
    expect(read({ subject: 'n'.repeat(length) }).subject).toHaveLength('CN='.length + length);
  });
});
