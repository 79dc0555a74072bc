import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Method } from '@hutong/domain-events';
import { PayerSeals } from './payer-seals.adapter.js';

const WECHAT: Method = {
  provider: 'wechat',
  instrument: 'wechat_pay',
  presentation: 'mini_program',
};
const ALIPAY: Method = { ...WECHAT, provider: 'alipay', instrument: 'alipay' };
const payer = { openid: 'an-openid' };
const UNAVAILABLE = { ok: false, refusal: { code: 'sealing_unavailable' } };

describe('the keys that payers are sealed with', () => {
  const opened = new AsyncDisposableStack();
  let folder: string;

  beforeEach(async () => {
    const made = await mkdtemp(join(tmpdir(), 'hutong-seals-'));
    opened.defer(() => rm(made, { recursive: true }));
    folder = made;
  });
  afterAll(() => opened.disposeAsync());

  const put = (file: string, text: string) => writeFile(join(folder, file), text);
  const kidOf = async (seals: PayerSeals, method = WECHAT): Promise<unknown> => {
    const sealed = await seals.sealed(method, payer);
    if (!sealed.ok) return sealed;
    const [header = ''] = sealed.value?.split('.') ?? [];
    return (JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: unknown }).kid;
  };

  it('are the newest of each gateway, as soon as their files are there', async () => {
    await put('wechat-gateway.2.pem', aPublicKey());
    await put('alipay-gateway.11.pem', aPublicKey());
    const seals = await PayerSeals.open(folder);
    expect(await kidOf(seals)).toBe('wechat-gateway.2');
    expect(await kidOf(seals, ALIPAY)).toBe('alipay-gateway.11');
    await put('wechat-gateway.10.pem', aPublicKey());
    expect(await kidOf(seals)).toBe('wechat-gateway.10');
  });

  it('refuse what needs one that is not there, and nothing else', async () => {
    await put('alipay-gateway.1.pem', aPublicKey());
    for (const seals of [await PayerSeals.open(undefined), await PayerSeals.open(folder)]) {
      expect(await seals.sealed(WECHAT, payer)).toEqual(UNAVAILABLE);
      expect(await seals.sealed({ ...WECHAT, presentation: 'qr' }, payer)).toEqual({
        ok: true,
        value: undefined,
      });
    }
  });

  it('that are none keep the service from starting, and are not quoted', async () => {
    await put('wechat-gateway.1.pem', 'a secret that is no key');
    const opening = PayerSeals.open(folder);
    await expect(opening).rejects.toThrow(/wechat-gateway\.1\.pem is no P-256 key in PEM$/);
    await expect(opening).rejects.not.toThrow('a secret');
  });

  it('that are half-written when they are used may be asked for again', async () => {
    await put('wechat-gateway.1.pem', aPublicKey());
    const seals = await PayerSeals.open(folder);
    await put('wechat-gateway.2.pem', aPublicKey().slice(0, 40));
    expect(await seals.sealed(WECHAT, payer)).toEqual(UNAVAILABLE);
    await put('wechat-gateway.2.pem', aPublicKey());
    expect(await kidOf(seals)).toBe('wechat-gateway.2');
  });
});

const aPublicKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .publicKey.export({ type: 'spki', format: 'pem' })
    .toString();
