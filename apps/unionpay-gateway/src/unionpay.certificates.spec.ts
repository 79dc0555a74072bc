import { sign, X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formOf, type Form } from '@hutong/form';
import fc from 'fast-check';
import { aCertificate, aParty, type Party } from './certificates.examples.js';
import { unionpayForgeries } from './forgeries.examples.js';
import { recorded, theAccount, type Recorded } from './recorded.examples.js';
import { signedTextDigest } from './second-signature.examples.js';
import { answerOf } from './unionpay.answer.js';
import {
  authoritiesIn,
  claimsOf,
  SigningCertificates,
  type Trust,
} from './unionpay.certificates.signature.js';

const { vectors, certificate, portal } = recorded;
const now = new Date(recorded.at);
const { trust } = theAccount();
const ofForm = ({ body }: Recorded): Form => formOf(new TextEncoder().encode(body)) ?? {};

const check = (
  fields: Form,
  among: Trust = trust,
  at = now,
  certificates = new SigningCertificates(),
) => {
  const verified = certificates.verify(fields, among, at);
  return verified.ok ? 'verified' : verified.refusal;
};

describe('a message of UnionPay’s', () => {
  it.each<[what: string, fields: Form]>([
    ['an answer', answerOf(vectors.answer.body) ?? {}],
    ['a notification', ofForm(vectors.notice)],
    ['the news of an undo', ofForm(vectors.undoNotice)],
  ])('is believed: %s', (_, fields) => {
    expect(check(fields)).toBe('verified');
  });

  it('is not without its signature, refusal or not', () => {
    expect(check(answerOf(vectors.unsignedRefusal.body) ?? {})).toBe('headers_missing');
  });

  it.each(unionpayForgeries(vectors.notice).map(({ what, notice }) => [what, notice] as const))(
    'is not with %s',
    (_, notice) => {
      expect(check(ofForm(notice))).not.toBe('verified');
    },
  );

  it('is none of whoever has other authorities', () => {
    const stranger = aParty('Recorded Middle');
    const others = authoritiesIn(aCertificate(stranger, { ca: true }));
    expect(check(ofForm(vectors.notice), { ...trust, middles: others })).toBe('untrusted_key');
    expect(check(ofForm(vectors.notice), { ...trust, roots: others })).toBe('untrusted_key');
    expect(check(ofForm(vectors.notice), { middles: trust.roots, roots: trust.roots })).toBe(
      'untrusted_key',
    );
    // While a middle changes both are there.
    expect(
      check(ofForm(vectors.notice), { ...trust, middles: [...others, ...trust.middles] }),
    ).toBe('verified');
  });
});

describe('a certificate that a message brings along', () => {
  const UNIONPAY = '041@8310000000083040@中国银联股份有限公司@00016493';
  const [root, middle, signer] = [aParty('Root'), aParty('Middle'), aParty(UNIONPAY)];
  const own: Trust = {
    middles: authoritiesIn(aCertificate(middle, { by: root, ca: true })),
    roots: authoritiesIn(aCertificate(root, { ca: true })),
  };
  const said = { version: '5.1.0', signMethod: '01', respCode: '00' };
  const message = (pem: string, { privateKey }: Party = signer): Form => {
    const fields = { ...said, signPubKeyCert: pem.trim().replaceAll('\n', '\r\n') };
    const signature = sign('sha256', signedTextDigest(fields), privateKey);
    return { ...fields, signature: signature.toString('base64') };
  };
  const as = (name: string): Party => ({ ...signer, name });
  const day = (text: string) => new Date(`${text}T00:00:00Z`);
  const good = aCertificate(signer, { by: middle });

  it.each<[what: string, pem: string, answer: string]>([
    ['of UnionPay', good, 'verified'],
    ['that nobody else issued', aCertificate(signer), 'untrusted_key'],
    ['of a root without a middle', aCertificate(signer, { by: root }), 'untrusted_key'],
    [
      'of somebody with the middle’s name',
      aCertificate(signer, { by: aParty('Middle') }),
      'untrusted_key',
    ],
    [
      'of another customer of the middle',
      aCertificate(as('041@8310000000083041@杭州某某商户有限公司@00016494'), { by: middle }),
      'untrusted_key',
    ],
    [
      'with the name in another part',
      aCertificate(as('041@中国银联股份有限公司@1@00016493'), { by: middle }),
      'untrusted_key',
    ],
    [
      'with more than the name',
      aCertificate(as('041@1@中国银联股份有限公司杭州@1'), { by: middle }),
      'untrusted_key',
    ],
    [
      'of UnionPay’s test systems',
      aCertificate(as('00040000:SIGN'), { by: middle }),
      'untrusted_key',
    ],
    ['with two names', aCertificate(as(`a@b@c\n${UNIONPAY}`), { by: middle }), 'untrusted_key'],
    [
      'with two names, otherwise',
      aCertificate(as(`${UNIONPAY}\na@b@c`), { by: middle }),
      'untrusted_key',
    ],
    [
      'that is an authority itself',
      aCertificate(signer, { by: middle, ca: true }),
      'untrusted_key',
    ],
    [
      'that is over',
      aCertificate(signer, { by: middle, until: day('2026-11-24') }),
      'untrusted_key',
    ],
    [
      'that has not begun',
      aCertificate(signer, { by: middle, from: day('2026-11-25') }),
      'untrusted_key',
    ],
    ['with something behind it', `${good}${good}`, 'untrusted_key'],
    ['with something before it', `x\n${good}`, 'untrusted_key'],
    ['that is torn', good.replace(/\n.+\n/, '\n'), 'untrusted_key'],
  ])('%s: %3$s', (_, pem, answer) => {
    expect(check(message(pem), own)).toBe(answer);
  });

  it('is nobody’s whose middle may not vouch for others', () => {
    const plain = { ...own, middles: [new X509Certificate(aCertificate(middle, { by: root }))] };
    expect(check(message(good), plain)).toBe('untrusted_key');
  });

  it('does not speak for another key', () => {
    expect(check(message(good, aParty(UNIONPAY)), own)).toBe('bad_signature');
  });

  it('is believed again by its text, but never longer than it is valid', () => {
    const certificates = new SigningCertificates();
    const until = day('2026-12-01');
    const short = message(aCertificate(signer, { by: middle, until }));
    const at = (time: Date) => check(short, own, time, certificates);
    expect([at(now), at(until), at(new Date(until.getTime() + 1_000)), at(now)]).toEqual([
      'verified',
      'verified',
      'untrusted_key',
      'verified',
    ]);
    const brief = authoritiesIn(aCertificate(middle, { by: root, ca: true, until }));
    const ending = { ...own, middles: brief };
    expect(check(message(good), ending, now, certificates)).toBe('verified');
    expect(check(message(good), ending, day('2026-12-02'), certificates)).toBe('untrusted_key');
  });

  it('is vouched for by a renewed middle once the old one is over', () => {
    const certificates = new SigningCertificates();
    const until = day('2026-12-01');
    const [old = '', renewed = ''] = [
      aCertificate(middle, { by: root, ca: true, until }),
      aCertificate(middle, { by: root, ca: true, serial: '0b' }),
    ];
    const both = { ...own, middles: authoritiesIn(old + renewed) };
    expect(check(message(good), both, now, certificates)).toBe('verified');
    expect(check(message(good), both, day('2026-12-02'), certificates)).toBe('verified');
  });

  it('is not believed by other authorities because these believe it', () => {
    const certificates = new SigningCertificates();
    expect(check(message(good), own, now, certificates)).toBe('verified');
    expect(check(message(good), trust, now, certificates)).toBe('untrusted_key');
  });
});

describe('a bundle of authorities', () => {
  it('may have several, and none that is no authority', () => {
    expect(authoritiesIn(`${portal.middlePem}\n${portal.rootPem}`)).toHaveLength(2);
    for (const bundle of ['', 'PEM', certificate.pem, `${portal.rootPem}${certificate.pem}`]) {
      expect(() => authoritiesIn(bundle)).toThrow('no certificates of authorities');
    }
  });
});

describe('what is kept of a message that does not verify', () => {
  it('names its certificate, its method and its time', () => {
    expect(claimsOf(ofForm(vectors.notice))).toEqual({
      serial: '4049931522114095',
      signMethod: '01',
      txnTime: '20261124160000',
    });
    expect(claimsOf({})).toEqual({});
  });

  it('is nothing that could be anybody’s data', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (signPubKeyCert, signMethod, txnTime) => {
        const claims = claimsOf({
          signPubKeyCert,
          signMethod,
          txnTime,
          accNo: '6222021234567890123',
        });
        for (const claim of Object.values(claims)) {
          expect(claim).toMatch(/^([0-9A-F]{1,64}|malformed)$/);
        }
      }),
    );
  });
});
