import { createPublicKey, generateKeyPairSync, verify, X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formOf, type Form } from '@hutong/form';
import fc from 'fast-check';
import { answerOf } from './alipay.answer.js';
import { requestUrl, signedRequest } from './alipay.request.signature.js';
import {
  certificateSn,
  claimsOf,
  decrypted,
  encrypted,
  isSigned,
  isSignedAnswer,
  notificationText,
  requestText,
  rootCertificatesSn,
} from './alipay.signature.js';
import { alipayForgeries } from './forgeries.examples.js';
import { publicCertificate, recorded, type Recorded } from './recorded.examples.js';

const { portal, certificate, vectors } = recorded;
const publicKey = createPublicKey(portal.alipayPublicKeyPem);
const keys = new Map([
  ['alipay.pem', publicKey],
  [certificate.sn, new X509Certificate(certificate.pem).publicKey],
]);
const bytes = (text: string) => new TextEncoder().encode(text);

describe('our signature', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signer = {
    appId: '2021009990000001',
    privateKey: pair.privateKey,
    at: new Date('2026-11-24T16:00:00.999Z'),
  };
  const call = {
    method: 'alipay.trade.precreate',
    bizContent: '{"subject":"龙井茶 & tea=100%"}',
    notifyUrl: 'https://pay.example/notifications/taobao',
  };
  const text = [
    'app_id=2021009990000001',
    'biz_content={"subject":"龙井茶 & tea=100%"}',
    'charset=utf-8',
    'format=JSON',
    'method=alipay.trade.precreate',
    'notify_url=https://pay.example/notifications/taobao',
    'sign_type=RSA2',
    'timestamp=2026-11-25 00:00:00',
    'version=1.0',
  ].join('&');
  const isGood = (signed: string, sign: string | undefined, key = pair.publicKey) =>
    verify('sha256', bytes(signed), key, Buffer.from(sign ?? '', 'base64'));

  it('is over all parameters by name, raw, with sign_type and Beijing’s time', () => {
    const request = signedRequest(call, signer);
    expect(requestText(request)).toBe(text);
    expect(isGood(text, request['sign'])).toBe(true);
  });

  it('leaves out what is empty, and itself', () => {
    expect(requestText({ b: '', sign: 'x', a: '1', sign_type: 'RSA2', B: '2' })).toBe(
      'B=2&a=1&sign_type=RSA2',
    );
  });

  it('names our certificate and the roots where there are any', () => {
    const certificates = { appSn: 'aa', rootsSn: 'bb_cc' };
    const request = signedRequest(call, { ...signer, certificates });
    expect(request).toMatchObject({ app_cert_sn: 'aa', alipay_root_cert_sn: 'bb_cc' });
    expect(isGood(requestText(request), request['sign'])).toBe(true);
  });

  it('is over the ciphertext where the content is encrypted', () => {
    const request = signedRequest(call, { ...signer, contentKey: vectors.contentKey });
    expect(request['encrypt_type']).toBe('AES');
    expect(decrypted(request['biz_content'] ?? '', vectors.contentKey)).toBe(call.bizContent);
    expect(isGood(requestText(request), request['sign'])).toBe(true);
  });

  it('survives the address that a browser opens', () => {
    const url = requestUrl(
      new URL('https://openapi.alipay.com/gateway.do'),
      signedRequest(call, signer),
    );
    const read = new URL(url);
    expect(`${read.origin}${read.pathname}`).toBe('https://openapi.alipay.com/gateway.do');
    const parameters: Form = Object.fromEntries(read.searchParams);
    expect(requestText(parameters)).toBe(text);
    expect(isGood(text, parameters['sign'])).toBe(true);
  });
});

const answerIn = ({ body }: Recorded, method: string) => {
  const answer = answerOf(body, method);
  if (answer === undefined) throw new Error('no answer');
  return answer;
};
const isGenuine = (message: Recorded, method: string, ring = keys): boolean => {
  const { signedPart, sign, certificateSn: sn } = answerIn(message, method);
  return sign !== undefined && isSignedAnswer(signedPart, { sign, certificateSn: sn }, ring);
};
const PRECREATE = 'alipay.trade.precreate';
const QUERY = 'alipay.trade.query';

describe('an answer', () => {
  it.each<[what: string, message: Recorded, method: string]>([
    ['with escaped slashes', vectors.answer, PRECREATE],
    [
      'signed before its slashes were escaped',
      vectors.signedBeforeItsSlashesWereEscaped,
      PRECREATE,
    ],
    ['by a certificate that it names', vectors.byCertificate, QUERY],
    ['encrypted, its quotes signed too', vectors.encrypted, QUERY],
    [
      'of business that says no',
      recorded.orders.shown.query['TRADE_NOT_EXIST'] ?? vectors.answer,
      QUERY,
    ],
  ])('%s verifies', (_, message, method) => {
    expect(isGenuine(message, method)).toBe(true);
  });

  it('does not verify by any other key than the one that it names', () => {
    const [[, one] = [], [, other] = []] = keys;
    const swapped = new Map([
      [certificate.sn, one ?? publicKey],
      ['x', other ?? publicKey],
    ]);
    expect(isGenuine(vectors.byCertificate, QUERY, swapped)).toBe(false);
    expect(isGenuine(vectors.byCertificate, QUERY, new Map([['alipay.pem', publicKey]]))).toBe(
      false,
    );
  });

  it('does not verify once its slashes, spaces or anything else were written anew', () => {
    const { signedPart, sign = '' } = answerIn(vectors.answer, PRECREATE);
    const claim = { sign, certificateSn: undefined };
    const again = JSON.stringify(JSON.parse(signedPart));
    expect(again).not.toBe(signedPart);
    expect(isSignedAnswer(again, claim, keys)).toBe(false);
    expect(isSignedAnswer(` ${signedPart}`, claim, keys)).toBe(false);
    const at = fc.nat({ max: signedPart.length - 1 });
    fc.assert(
      fc.property(at, fc.string({ minLength: 1, maxLength: 1 }), (index, sign2) => {
        fc.pre(signedPart[index] !== sign2);
        const other = `${signedPart.slice(0, index)}${sign2}${signedPart.slice(index + 1)}`;
        expect(isSignedAnswer(other, claim, keys)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('has no signature where the gateway itself refuses', () => {
    expect(answerIn(vectors.unsignedRefusal, QUERY).sign).toBeUndefined();
    expect(answerIn(vectors.errorResponse, QUERY).sign).toBeUndefined();
  });

  it.each<[what: string, body: string]>([
    ['another method’s', vectors.answer.body],
    ['a page', '<html>系统繁忙</html>'],
    ['its members twice', vectors.byCertificate.body.replace('{', '{"sign":"x",')],
    ['nothing', ''],
  ])('is none for a query with %s', (_, body) => {
    expect(answerOf(body, QUERY)).toBeUndefined();
  });

  it('has no signature that is no text', () => {
    const answer = answerOf('{"alipay_trade_query_response":{},"sign":{"a":1}}', QUERY);
    expect(answer).toMatchObject({ sign: undefined });
  });
});

describe('a notification', () => {
  const isTrue = ({ body }: Recorded): boolean => {
    const { sign = '', alipay_cert_sn: sn, sign_type, ...rest } = formOf(bytes(body)) ?? {};
    const text = notificationText({ ...rest, ...(sn !== undefined && { alipay_cert_sn: sn }) });
    return sign_type === 'RSA2' && isSigned(text, { sign, certificateSn: sn }, keys);
  };

  it.each<[what: string, message: Recorded]>([
    ['with plus, percent, Chinese and what is empty', vectors.notice],
    ['by a certificate that it names', vectors.noticeByCertificate],
  ])('%s verifies', (_, message) => {
    expect(isTrue(message)).toBe(true);
  });

  it('signs neither its signature nor its scheme', () => {
    const form = { b: '2', sign: 'x', sign_type: 'RSA2', a: '1', c: '' };
    expect(notificationText(form)).toBe('a=1&b=2');
  });

  it.each(alipayForgeries(vectors.notice).map(({ what, notice }) => [what, notice] as const))(
    'does not verify with %s',
    (_, notice) => {
      expect(isTrue(notice)).toBe(false);
    },
  );

  it('is answered, never thrown at, whatever its signature says', () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (sign, sn) => {
        expect(isSigned('a=1', { sign, certificateSn: sn }, keys)).toBe(false);
      }),
    );
  });

  it('that does not verify shows what looks like a scheme, a name and a time, and nothing else', () => {
    const sn = certificate.sn;
    expect(
      claimsOf({
        sign_type: 'RSA2',
        alipay_cert_sn: sn,
        notify_time: '2026-11-24 16:02:01',
        buyer_id: '2088',
      }),
    ).toEqual({ sign_type: 'RSA2', alipay_cert_sn: sn, notify_time: '2026-11-24 16:02:01' });
    expect(claimsOf({ sign_type: 'buyer 2088', notify_time: '' })).toEqual({
      sign_type: 'malformed',
      notify_time: 'malformed',
    });
    // Digits alone may be a telephone or a card number.
    const digits = { alipay_cert_sn: '6222021234567890123', notify_time: '13800138000' };
    expect(claimsOf(digits)).toEqual({ alipay_cert_sn: 'malformed', notify_time: 'malformed' });
  });
});

describe('the name of a certificate', () => {
  // What Alipay's own Node SDK says of these, in its tests.
  it.each<[name: 'alipay' | 'app', sn: string]>([
    ['app', '866efef280dec9137a87d047ac446315'],
    ['alipay', '7513daaaa48aa3ba2e4018d84402479c'],
  ])('of %s is what Alipay calls it', (name, sn) => {
    expect(certificateSn(publicCertificate(name))).toBe(sn);
  });

  it('of the roots joins those that are signed with RSA, and no others', () => {
    expect(rootCertificatesSn(publicCertificate('roots'))).toBe(
      '687b59193f3f462dd5336e5abf83c5d8_02941eef3187dddf3d3b83462e1dfcf6',
    );
  });

  it('has every digit of a serial that no number holds', () => {
    expect(certificateSn(certificate.pem)).toBe(certificate.sn);
  });

  it('is none of what is no certificate', () => {
    expect(() => certificateSn(portal.alipayPublicKeyPem)).toThrow();
    expect(() => rootCertificatesSn(portal.alipayPublicKeyPem)).toThrow('no root certificate');
  });
});

describe('content', () => {
  it('is encrypted as OpenSSL does it', () => {
    expect(encrypted(vectors.plain, vectors.contentKey)).toBe(vectors.ciphertext);
    expect(decrypted(vectors.ciphertext, vectors.contentKey)).toBe(vectors.plain);
  });

  it('is opened as it was, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decrypted(encrypted(text, vectors.contentKey), vectors.contentKey)).toBe(text);
      }),
    );
  });

  it('is not opened by another key, nor is anything else', () => {
    const other = Buffer.alloc(16, 7).toString('base64');
    expect(decrypted(vectors.ciphertext, other)).toBeUndefined();
    expect(decrypted('', vectors.contentKey)).toBeUndefined();
    expect(decrypted('AAAA', vectors.contentKey)).toBeUndefined();
  });
});
