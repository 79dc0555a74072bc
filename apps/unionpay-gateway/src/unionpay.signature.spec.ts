import { verify, X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formOf, type Form } from '@hutong/form';
import fc from 'fast-check';
import { unionpayForgeries } from './forgeries.examples.js';
import { merchantsKey, recorded, theAccount, type Recorded } from './recorded.examples.js';
import { signedTextDigest } from './second-signature.examples.js';
import { aSigning } from './test-authority.examples.js';
import { answerOf } from './unionpay.answer.js';
import { certIdOf, isSignedBy, signed, signedText } from './unionpay.signature.js';

const { vectors, certificate } = recorded;
const unionpay = new X509Certificate(certificate.pem);
const ofForm = ({ body }: Recorded): Form => formOf(new TextEncoder().encode(body)) ?? {};
const ofAnswer = ({ body }: Recorded): Form => answerOf(body) ?? {};

describe('what OpenSSL signed', () => {
  it.each<[what: string, fields: Form]>([
    ['an answer', ofAnswer(vectors.answer)],
    ['an answer with an & in braces', ofAnswer(vectors.queried)],
    ['a refusal', ofAnswer(vectors.notFound)],
    ['a notification', ofForm(vectors.notice)],
    ['a notification in Chinese', ofForm(vectors.noticeByBank)],
    ['the news of an undo', ofForm(vectors.undoNotice)],
  ])('verifies: %s', (_, fields) => {
    expect(isSignedBy(fields, unionpay.publicKey)).toBe(true);
  });

  it('verifies no more once any character of any field is another', () => {
    const fields = ofForm(vectors.notice);
    const names = Object.keys(fields).filter((name) => name !== 'signature');
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.nat(),
        fc.string({ minLength: 1 }),
        (name, at, other) => {
          const value = fields[name] ?? '';
          const cut = at % (value.length + 1);
          const said = { ...fields, [name]: value.slice(0, cut) + other + value.slice(cut) };
          expect(isSignedBy(said, unionpay.publicKey)).toBe(false);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('verifies by nobody else’s key, and by no signature that is none', () => {
    const fields = ofForm(vectors.notice);
    expect(isSignedBy(fields, merchantsKey)).toBe(false);
    for (const signature of ['', 'AAAA', '-_-_', `${fields['signature']}\n`, 'é']) {
      expect(isSignedBy({ ...fields, signature }, unionpay.publicKey)).toBe(false);
    }
  });

  it.each(
    unionpayForgeries(vectors.notice)
      .filter(({ what }) => what !== 'no certificate at all in it')
      .map(({ what, notice }) => [what, notice] as const),
  )('does not verify with %s', (_, notice) => {
    expect(isSignedBy(ofForm(notice), unionpay.publicKey)).toBe(false);
  });
});

describe('a text that can be cut in two ways', () => {
  /** Anybody who is a merchant of UnionPay's has such a notice for some fen: `reqReserved` is echoed. */
  const genuine = aSigning().signed({
    accNo: '6216***0018',
    currencyCode: '156',
    merId: '777290058110097',
    orderId: '20261127000000',
    queryId: '1',
    reqReserved: 'x&currencyCode=156&merId=777290058110048&orderId=01KQOURS&queryId=2',
    respCode: '00',
    txnAmt: '12800',
  });
  const key = new X509Certificate(genuine['signPubKeyCert'] ?? '').publicKey;

  it('is no proof of the other one, in which it is our order that was paid', () => {
    const text = signedText(genuine);
    const at = text.indexOf('&currencyCode=156&merId=777290058110048');
    const forged = {
      accNo: text.slice('accNo='.length, at),
      currencyCode: '156',
      merId: '777290058110048',
      orderId: '01KQOURS',
      queryId: '2',
      ...Object.fromEntries(
        Object.entries(genuine).filter(([name]) => name === 'signature' || name > 'reqReserved'),
      ),
    };
    expect(signedText(forged)).toBe(text);
    expect(isSignedBy(forged, key)).toBe(false);
  });

  it('is no proof of itself: who wrote it may have cut it either way', () => {
    expect(isSignedBy(genuine, key)).toBe(false);
  });

  it('is not what has an & in braces, or a = in a value', () => {
    const said = aSigning().signed({ cardTransData: '{a=1&d=2}', traceNo: 'YQ==' });
    const own = new X509Certificate(said['signPubKeyCert'] ?? '').publicKey;
    expect(isSignedBy(said, own)).toBe(true);
    const cut = { ...said, cardTransData: '{a=1', d: '2}' };
    expect(signedText(cut)).toBe(signedText(said));
    expect(isSignedBy(cut, own)).toBe(false);
  });
});

describe('our signature', () => {
  const account = theAccount({ certId: certificate.certId });
  const fields = {
    txnAmt: '12800',
    orderDesc: '龙井茶',
    empty: '',
    merId: '777290058110048',
    Z: '1',
  };

  it('is over every field that says something, by the order of their bytes', () => {
    expect(signedText({ ...fields, signature: 'x' })).toBe(
      'Z=1&merId=777290058110048&orderDesc=龙井茶&txnAmt=12800',
    );
  });

  it('is over the letters of the hash, and not over the text', () => {
    const { signature = '', ...said } = signed(fields, account);
    expect(said).toEqual({ ...fields, certId: certificate.certId });
    const bytes = Buffer.from(signature, 'base64');
    expect(verify('sha256', signedTextDigest(said), merchantsKey, bytes)).toBe(true);
    expect(verify('sha256', Buffer.from(signedText(said)), merchantsKey, bytes)).toBe(false);
    expect(signed(fields, account)).toEqual({ ...said, signature });
  });

  it('replaces the name of an older certificate', () => {
    const { certId } = signed({ ...fields, certId: '1' }, account);
    expect(certId).toBe(certificate.certId);
  });
});

describe('the name of a certificate', () => {
  it('is its serial in decimal, digit for digit', () => {
    expect(certIdOf(unionpay.serialNumber)).toBe(certificate.certId);
    expect(certIdOf('4049931522114095')).toBe('4632395410702418069');
    expect(certIdOf('FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF')).toBe(`${2n ** 160n - 1n}`);
  });
});
