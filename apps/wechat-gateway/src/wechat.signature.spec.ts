import { createPublicKey, generateKeyPairSync, verify, X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wechatForgeries } from './forgeries.examples.js';
import { recorded, type Recorded } from './recorded.examples.js';
import {
  authorization,
  claimsOf,
  SCHEME,
  unsealed,
  verifySigned,
  type SealedResource,
  type SignedHeaders,
} from './wechat.signature.js';

const { portal, certificate, vectors } = recorded;
const keys = new Map([
  [portal.publicKeyId, createPublicKey(portal.publicKeyPem)],
  [certificate.serial, new X509Certificate(certificate.pem).publicKey],
]);
const signedAt = new Date(recorded.at);
const later = (seconds: number) => new Date(signedAt.getTime() + seconds * 1_000);
const bytes = (text: string) => new TextEncoder().encode(text);
const check = ({ headers, body }: Recorded, now = signedAt, ring = keys) => {
  const verified = verifySigned(bytes(body), headers, { keys: ring, now });
  return verified.ok ? 'verified' : verified.refusal;
};

describe('our signature', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signer = {
    mchid: '1900000001',
    certificateSerial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
    privateKey: pair.privateKey,
    at: new Date('2026-11-24T08:00:00.999Z'),
    nonce: '593BEC0C930BF1AFEB40B4A08C8FB242',
  };
  const attributesOf = (header: string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      [...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    );

  type Row = Readonly<{ method: string; url: string; body: string; lines: string }>;
  it.each<Row>([
    {
      method: 'POST',
      url: '/v3/pay/transactions/native',
      body: '{"description":"龙井茶"}',
      lines:
        'POST\n/v3/pay/transactions/native\n1795507200\n593BEC0C930BF1AFEB40B4A08C8FB242\n{"description":"龙井茶"}\n',
    },
    {
      method: 'GET',
      url: '/v3/pay/transactions/out-trade-no/A%7CB?mchid=1900000001',
      body: '',
      lines:
        'GET\n/v3/pay/transactions/out-trade-no/A%7CB?mchid=1900000001\n1795507200\n593BEC0C930BF1AFEB40B4A08C8FB242\n\n',
    },
  ])('of a $method is over five lines, the last one ended too', ({ method, url, body, lines }) => {
    const header = authorization({ method, url, body: bytes(body) }, signer);
    expect(header).toMatch(/^WECHATPAY2-SHA256-RSA2048 mchid="\d+",nonce_str="/);
    const { signature = '', ...said } = attributesOf(header);
    expect(said).toEqual({
      mchid: signer.mchid,
      nonce_str: signer.nonce,
      timestamp: '1795507200',
      serial_no: signer.certificateSerial,
    });
    const good = verify('sha256', bytes(lines), pair.publicKey, Buffer.from(signature, 'base64'));
    expect(good).toBe(true);
  });
});

describe('a message that WeChat signed', () => {
  it.each<Readonly<{ what: string; message: Recorded }>>([
    { what: 'an answer in Chinese', message: vectors.answer },
    { what: 'an answer without a body', message: vectors.emptyAnswer },
    { what: 'a notification', message: vectors.notice },
    { what: 'a notification by the key of a certificate', message: vectors.byCertificate },
  ])('verifies: $what', ({ message }) => {
    expect(check(message)).toBe('verified');
  });

  it.each<Readonly<{ seconds: number; answer: string }>>`
    seconds | answer
    ${-300} | ${'outside_window'}
    ${-299} | ${'verified'}
    ${299}  | ${'verified'}
    ${300}  | ${'outside_window'}
  `('is $answer at $seconds s from its time', ({ seconds, answer }) => {
    expect(check(vectors.answer, later(seconds))).toBe(answer);
  });

  it.each(
    wechatForgeries(vectors.notice)
      .filter(({ what }) => what !== 'no JSON')
      .map(({ what, notice }) => [what, notice] as const),
  )('does not verify with %s', (_, notice) => {
    expect(check(notice)).not.toBe('verified');
  });

  it('is refused by an unknown serial, never tried with another key', () => {
    const [, other] = [...keys.entries()];
    const swapped = new Map([[portal.publicKeyId.toLowerCase(), keys.get(portal.publicKeyId)]]);
    const ring = new Map([...swapped].flatMap(([id, key]) => (key ? [[id, key] as const] : [])));
    expect(check(vectors.notice, signedAt, ring)).toBe('unknown_key');
    expect(check(vectors.notice, signedAt, new Map(other && [other]))).toBe('unknown_key');
  });

  it('does not verify once any of its bytes is another, or moved over a line end', () => {
    const body = bytes(vectors.notice.body);
    const position = fc.nat({ max: body.length - 1 });
    fc.assert(
      fc.property(position, fc.integer({ min: 1, max: 255 }), (at, difference) => {
        const other = Uint8Array.from(body, (byte, i) => (i === at ? byte ^ difference : byte));
        const verified = verifySigned(other, vectors.notice.headers, { keys, now: signedAt });
        expect(verified).toEqual({ ok: false, refusal: 'bad_signature' });
      }),
      { numRuns: 50 },
    );
    const nonce = vectors.notice.headers['wechatpay-nonce'] ?? '';
    const [line = '', ...rest] = vectors.notice.body;
    const headers = { ...vectors.notice.headers, 'wechatpay-nonce': `${nonce}\n${line}` };
    expect(check({ headers, body: rest.join('') })).toBe('bad_signature');
  });

  it('is answered, never thrown at, whatever its headers say', () => {
    const texts = fc.option(fc.string(), { nil: undefined });
    const names = ['timestamp', 'nonce', 'signature', 'serial', 'signature-type'];
    const anyHeaders = fc.record(
      Object.fromEntries(names.map((name) => [`wechatpay-${name}`, texts])),
    );
    fc.assert(
      fc.property(anyHeaders, (headers: SignedHeaders) => {
        const said = { ...vectors.notice.headers, ...headers };
        expect(typeof verifySigned(bytes(''), said, { keys, now: signedAt }).ok).toBe('boolean');
      }),
    );
  });
});

describe('what a notification seals', () => {
  type Sealed = Readonly<{
    resource: Omit<SealedResource, 'associatedData'> & { associated_data?: string };
  }>;
  const sealedIn = ({ body }: Recorded): SealedResource => {
    const { resource } = JSON.parse(body) as Sealed;
    const { ciphertext, nonce, algorithm, associated_data: associatedData } = resource;
    return { ciphertext, nonce, algorithm, associatedData };
  };
  const sealed = sealedIn(vectors.notice);
  const open = (said: Partial<SealedResource>, key = portal.apiV3Key) =>
    unsealed({ ...sealed, ...said }, key);
  const closed = { ok: false, refusal: 'not_decryptable' };

  it.each<Readonly<{ what: string; message: Recorded }>>([
    { what: 'with associated data', message: vectors.notice },
    { what: 'with empty associated data', message: vectors.withEmptyAssociatedData },
    { what: 'without associated data', message: vectors.withoutAssociatedData },
  ])('opens: $what', ({ message }) => {
    const opened = unsealed(sealedIn(message), portal.apiV3Key);
    expect(opened.ok && JSON.parse(opened.value)).toMatchObject({
      out_trade_no: vectors.orderNumber,
      trade_state: 'SUCCESS',
      amount: { total: 12_800, currency: 'CNY' },
    });
  });

  it.each<Readonly<{ what: string; said: Partial<SealedResource> }>>([
    { what: 'another nonce', said: { nonce: '000000000000' } },
    { what: 'an empty nonce', said: { nonce: '' } },
    { what: 'other associated data', said: { associatedData: 'refund' } },
    { what: 'another algorithm', said: { algorithm: 'AES_256_CBC' } },
    { what: 'nothing in it', said: { ciphertext: '' } },
    { what: 'less than a tag', said: { ciphertext: Buffer.alloc(15).toString('base64') } },
    { what: 'no base64', said: { ciphertext: `${sealed.ciphertext.slice(0, -4)}*_-=` } },
    {
      what: 'a shortened tag',
      said: {
        ciphertext: Buffer.from(sealed.ciphertext, 'base64').subarray(0, -12).toString('base64'),
      },
    },
  ])('stays closed with $what', ({ said }) => {
    expect(open(said)).toEqual(closed);
  });

  it('stays closed to another key', () => {
    expect(open({}, '0'.repeat(32))).toEqual(closed);
    expect(open({}, 'too short')).toEqual(closed);
  });
});

describe('what is kept of a message that does not verify', () => {
  it('names its key and time, and whether it is a probe', () => {
    expect(claimsOf(vectors.notice.headers)).toEqual({
      serial: portal.publicKeyId,
      timestamp: '1795507200',
    });
    const probe = { 'wechatpay-signature': 'WECHATPAY/SIGNTEST/abc' };
    expect(claimsOf(probe)).toEqual({ probe: 'yes' });
  });

  it('is nothing that could be anybody’s data', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (serial, timestamp) => {
        const claims = claimsOf({ 'wechatpay-serial': serial, 'wechatpay-timestamp': timestamp });
        for (const claim of Object.values(claims)) expect(claim).toMatch(/^[\w-]{1,64}$/);
      }),
    );
  });

  it('speaks one scheme', () => {
    expect(SCHEME).toBe('WECHATPAY2-SHA256-RSA2048');
  });
});
