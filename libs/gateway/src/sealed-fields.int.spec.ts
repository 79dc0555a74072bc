import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CompactEncrypt, decodeProtectedHeader } from 'jose';
import { seal, SealingKeys, sealingKeyFrom, type SealingKey } from './sealed-fields.js';

const payer = { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', clientIp: '203.0.113.7' };

describe('sealed fields', () => {
  let folder: string;
  let keys: SealingKeys;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hutong-sealing-'));
    await aKey(1);
    keys = await SealingKeys.open('wechat', folder);
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Another pair at each call, its private half in the gateway's folder. */
  async function aKey(number: number): Promise<SealingKey> {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await writeFile(join(folder, `${number}.pem`), pemOf(pair.privateKey));
    return sealingKeyFrom('wechat', number, pemOf(pair.publicKey));
  }

  it('are opened by the gateway that they are for, whose name and key number they carry', async () => {
    const sealed = await seal(payer, await aKey(2));
    expect(decodeProtectedHeader(sealed)).toEqual({
      alg: 'ECDH-ES',
      enc: 'A256GCM',
      kid: 'wechat-gateway.2',
      epk: expect.anything(),
    });
    expect(await keys.read(sealed)).toEqual({ ok: true, value: payer });
  });

  it('look different each time', async () => {
    const key = await aKey(3);
    expect(await seal(payer, key)).not.toBe(await seal(payer, key));
  });

  it('are opened by an old key until its file is gone, and by a new one once it is there', async () => {
    const [old, next] = [await aKey(4), await aKey(5)];
    const sealed = { old: await seal(payer, old), next: await seal(payer, next) };
    expect(await keys.read(sealed.old)).toMatchObject({ ok: true });
    await rm(join(folder, '4.pem'));
    expect(await keys.read(sealed.old)).toEqual({ ok: false, refusal: 'unknown_key' });
    expect(await keys.read(sealed.next)).toMatchObject({ ok: true });
  });

  it('are not opened by another gateway, whatever its keys are called', async () => {
    const { publicKey } = await aKey(6);
    const foreign = await seal(payer, { kid: 'alipay-gateway.6', publicKey });
    expect(await keys.read(foreign)).toEqual({ ok: false, refusal: 'foreign_key' });

    const others = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    const claimed = await seal(payer, { kid: 'wechat-gateway.6', publicKey: others });
    expect(await keys.read(claimed)).toEqual({ ok: false, refusal: 'not_decryptable' });
  });

  type Row = Readonly<{ what: string; kid: string; refusal: string }>;
  it.each<Row>([
    { what: 'no number', kid: 'wechat-gateway', refusal: 'unknown_key' },
    { what: 'a way out of the folder', kid: 'wechat-gateway.../1', refusal: 'unknown_key' },
    { what: 'a number nobody has', kid: 'wechat-gateway.99', refusal: 'unknown_key' },
  ])('under $what are refused', async ({ kid, refusal }) => {
    const { publicKey } = await aKey(7);
    expect(await keys.read(await seal(payer, { kid, publicKey }))).toEqual({ ok: false, refusal });
  });

  it('that were changed on their way, or are none, are refused', async () => {
    const sealed = await seal(payer, await aKey(8));
    const parts = sealed.split('.');
    const [first = '', ...rest] = parts[3] ?? '';
    parts[3] = (first === 'A' ? 'B' : 'A') + rest.join('');
    expect(await keys.read(parts.join('.'))).toEqual({ ok: false, refusal: 'not_decryptable' });
    expect(await keys.read('a.b.c.d.e')).toEqual({ ok: false, refusal: 'foreign_key' });
  });

  it('sealed by other algorithms than ours are refused', async () => {
    const { kid, publicKey } = await aKey(9);
    const weaker = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(payer)))
      .setProtectedHeader({ alg: 'ECDH-ES+A128KW', enc: 'A128GCM', kid })
      .encrypt(publicKey);
    expect(await keys.read(weaker)).toEqual({ ok: false, refusal: 'not_decryptable' });
  });

  it('with a value that no provider takes are refused, and what we do not know is left out', async () => {
    const key = await aKey(10);
    const torn = await seal({ clientIp: 'localhost' }, key);
    expect(await keys.read(torn)).toEqual({ ok: false, refusal: 'unreadable' });
    const more = await seal(Object.assign({ card: '6222020200112233' }, payer), key);
    expect(await keys.read(more)).toEqual({ ok: true, value: payer });
  });

  it('keep a gateway without a good key from starting', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'hutong-sealing-'));
    await expect(SealingKeys.open('wechat', empty)).rejects.toThrow('holds no key');
    await writeFile(join(empty, '1.pem'), 'not a key');
    const opening = SealingKeys.open('wechat', empty);
    await expect(opening).rejects.toThrow('1.pem is no private P-256 key in PEM');
    await rm(empty, { recursive: true });
  });
});

const pemOf = (key: KeyObject): string =>
  key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }).toString();
