import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import { aNumber, jsonOf, Merchant, type Answer } from '../merchant.examples.js';
import { startReceiver } from '../receiver.examples.js';
import { startWorld, type World } from '../world.examples.js';

let world: World;
let merchant: Merchant;

beforeAll(async () => {
  world = await startWorld();
  merchant = new Merchant(world.wechatPort, world.taobao);
});
afterAll(() => world[Symbol.asyncDispose]());

const inCertificateMode = { answeredWith: null };
const download = () => merchant.send('GET', '/v3/certificates', '', inCertificateMode);
const rotate = () => world.control('POST', '/control/wechat/certificates/rotate', {});
const signerOf = ({ headers }: Pick<Answer, 'headers'>) => String(headers['wechatpay-serial']);

type Listed = Readonly<{ serial_no: string; effective_time: string; expire_time: string }>;

/** Every downloaded certificate by its serial number, opened with the merchant's key alone. */
async function certificates(): Promise<Map<string, X509Certificate>> {
  const answer = await download();
  expect(answer.status).toBe(200);
  const { data } = jsonOf(answer) as { data: (Listed & { encrypt_certificate: object })[] };
  return new Map(
    data.map(({ serial_no, encrypt_certificate }) => [
      serial_no,
      new X509Certificate(merchant.unsealed(encrypt_certificate)),
    ]),
  );
}

describe("WeChat's certificates", () => {
  it('are two, sealed for the merchant, valid together, and named by their own serial number', async () => {
    const { data } = jsonOf(await download()) as { data: Listed[] };
    expect(data).toHaveLength(2);
    for (const { effective_time, expire_time } of data) {
      expect(Date.parse(effective_time)).toBeLessThanOrEqual(Date.now());
      expect(Date.parse(expire_time)).toBeGreaterThan(Date.now());
    }
    for (const [serial, certificate] of await certificates()) {
      expect(certificate.serialNumber).toBe(serial);
      expect(serial).toMatch(/^[0-9A-F]{40}$/);
    }
  });

  it('verify the answer that brought them, and those to requests that name no key or one of them', async () => {
    const known = await certificates();
    const [, other = ''] = known.keys();
    for (const answer of [
      await download(),
      await merchant.native(aNumber(), {}, inCertificateMode),
      await merchant.native(aNumber(), {}, { answeredWith: other }),
    ]) {
      const key = known.get(signerOf(answer))?.publicKey;
      expect(key && merchant.verifies(answer, key)).toBe(true);
    }
  });

  it('go one after the other: the announced one signs, and a new one is announced', async () => {
    const [first = '', second = ''] = (await certificates()).keys();
    expect(signerOf(await download())).toBe(first);
    const rotated = await rotate();
    expect(rotated.json).toMatchObject([{ serial: second, signs: true }, { signs: false }]);
    const later = await certificates();
    expect(signerOf(await download())).toBe(second);
    expect(later.has(first)).toBe(false);
    expect(later.has(second)).toBe(true);
    expect((await world.control('GET', '/control/wechat/certificates')).json).toEqual(rotated.json);
  });

  it('are not for a merchant who has the public key alone', async () => {
    await world.arm('certificates', 'refuse', { code: 'RESOURCE_NOT_EXISTS' });
    const answer = await download();
    expect(answer.status).toBe(404);
    expect(jsonOf(answer)).toMatchObject({ code: 'RESOURCE_NOT_EXISTS' });
  });

  it('are refused without User-Agent before anybody asks who is there', async () => {
    const headers = { 'user-agent': undefined, authorization: undefined };
    const answer = await merchant.send('GET', '/v3/certificates', '', { headers });
    expect(answer.status).toBe(400);
    expect(jsonOf(answer)).toMatchObject({ code: 'INVALID_REQUEST' });
  });

  it('sign some of the notifications while WeChat moves from one kind of key to the other', async () => {
    await using receiver = await startReceiver();
    const seller = new Merchant(world.wechatPort, world.taobao, receiver.url);
    await world.arm('notify', 'certificate_key', { share: 0.5, seed: 1 });
    for (let count = 0; count < 12; count += 1) {
      const number = aNumber();
      await seller.native(number);
      await world.control('POST', '/control/wechat/pay', { outTradeNo: number });
    }
    const heard = await eventually(() => receiver.heard.length === 12 && receiver.heard, {
      what: 'twelve notifications',
    });
    const known = await certificates();
    const byCertificate = heard.filter((notice) => known.has(signerOf(notice)));
    expect(byCertificate.length).toBeGreaterThan(0);
    expect(byCertificate.length).toBeLessThan(12);
    for (const notice of heard) {
      const key = known.get(signerOf(notice))?.publicKey;
      expect(key ? seller.verifies(notice, key) : seller.verifies(notice)).toBe(true);
    }
    await world.control('DELETE', '/control/faults');
  });
});
