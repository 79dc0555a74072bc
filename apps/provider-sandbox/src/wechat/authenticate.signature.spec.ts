import { createSign, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { authenticate } from './authenticate.signature.js';
import { openAccounts, type WechatAccount } from './wechat-accounts.adapter.js';

const NOW = new Date('2026-11-24T08:00:00.000Z');
const SECONDS = NOW.getTime() / 1_000;
const SCHEME = 'WECHATPAY2-SHA256-RSA2048';
const [taobao, jd] = await openAccounts(['taobao', 'jd']);
if (taobao === undefined || jd === undefined) throw new Error('no accounts');
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

type Change = Partial<{
  scheme: string;
  mchid: string;
  serial: string;
  timestamp: string;
  key: WechatAccount['merchantPrivateKey'];
  sentUrl: string;
  sentBody: string;
  message: (message: string) => string;
}>;

function asked(change: Change = {}) {
  const url = '/v3/pay/transactions/native?x=1';
  const { timestamp = `${SECONDS}`, mchid = taobao?.mchid } = change;
  const { serial = taobao?.certificateSerial, key = taobao?.merchantPrivateKey } = change;
  const message = `POST\n${url}\n${timestamp}\nN0NCE\n{"a":1}\n`;
  if (key === undefined) throw new Error('no key');
  const signature = createSign('RSA-SHA256')
    .update(change.message === undefined ? message : change.message(message))
    .sign(key, 'base64');
  const list = `mchid="${mchid}",nonce_str="N0NCE",signature="${signature}",timestamp="${timestamp}",serial_no="${serial}"`;
  const request = {
    method: 'POST',
    url: change.sentUrl ?? url,
    authorization: `${change.scheme ?? SCHEME} ${list}`,
    body: Buffer.from(change.sentBody ?? '{"a":1}'),
  };
  return authenticate(
    request,
    [taobao, jd].flatMap((account) => account ?? []),
    NOW,
  );
}

describe('who asks', () => {
  it.each([
    ['now', {}],
    ['five minutes ago', { timestamp: `${SECONDS - 300}` }],
    ['in five minutes', { timestamp: `${SECONDS + 300}` }],
  ])('is known by a request signed %s', (_, change) => {
    expect(asked(change)).toEqual({ ok: true, value: taobao });
  });

  const other = { mchid: jd.mchid, serial: jd.certificateSerial };
  it.each<[string, Change, string]>([
    ['an old clock', { timestamp: `${SECONDS - 301}`, key: stranger }, 'five minutes'],
    ['a fast clock', { timestamp: `${SECONDS + 301}` }, 'five minutes'],
    ['a time that is none', { timestamp: 'now' }, 'Unix seconds'],
    ['another scheme', { scheme: 'WECHATPAY2-SM2-WITH-SM3' }, 'the scheme'],
    ['an unknown merchant', { mchid: '1' }, 'mchid'],
    ['an unknown certificate', { serial: 'A'.repeat(40) }, 'serial_no'],
    ["another merchant's certificate", { serial: jd.certificateSerial }, 'serial_no'],
    ["another merchant's name", other, 'sign not match'],
    ['a key that is not theirs', { key: stranger }, 'sign not match'],
    ['another path', { sentUrl: '/v3/pay/transactions/native?x=2' }, 'sign not match'],
    ['another body', { sentBody: '{"a":2}' }, 'sign not match'],
    ['no last line end', { message: (text) => text.slice(0, -1) }, 'sign not match'],
  ])('is refused with %s', (_, change, issue) => {
    expect(asked(change)).toMatchObject({
      refusal: { status: 401, code: 'SIGN_ERROR', message: expect.stringContaining(issue) },
    });
  });

  it('sees the message that was expected', () => {
    expect(asked({ sentBody: '{"a":2}' })).toMatchObject({
      refusal: {
        detail: {
          sign_information: {
            truncated_sign_message: `POST\n/v3/pay/transactions/native?x=1\n${SECONDS}\nN0NCE\n{"a":2}\n`,
          },
        },
      },
    });
  });
});
