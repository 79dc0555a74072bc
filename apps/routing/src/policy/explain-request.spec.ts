import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describePolicies, explainRequest } from './policy-commands.adapter.js';

const shipped = new URL('../../policies', import.meta.url).pathname;
const now = new Date('2024-01-01T00:00:00.000Z');
const OUTSIDE_REASON = 'not open to this payer yet: outside the share of payers';
const OUTSIDE = '00000000000000000000000000000000';
/** A payer of the pilot's share. */
const INSIDE = '00000000000000000000000000000001';
const QR = { method: 'wechat/wechat_pay/qr' };
const LINK = { method: 'wechat/wechat_pay/link' };

it('a folder of policies is described version by version', async () => {
  expect(await describePolicies(shipped, now)).toBe(
    [
      'corner_shop 2021-01-alipay from 2020-12-31T16:00:00.000Z: 1 methods',
      'corner_shop 2021-07-across from 2021-06-30T16:00:00.000Z: 4 methods',
      'corner_shop 2022-01-own-first from 2021-12-31T16:00:00.000Z: 4 methods',
      'jd 2021-01-wechat from 2020-12-31T16:00:00.000Z: 2 methods',
      'jd 2022-01-quickpass from 2021-12-31T16:00:00.000Z: 4 methods',
      'pinduoduo 2021-01-wechat-alipay from 2020-12-31T16:00:00.000Z: 3 methods',
      'pinduoduo 2022-01-quickpass from 2021-12-31T16:00:00.000Z: 5 methods',
      'taobao 2003-10-alipay from 2003-10-17T16:00:00.000Z: 4 methods',
      'taobao 2021-07-unionpay from 2021-06-30T16:00:00.000Z: 11 methods',
      'taobao 2023-11-pilot from 2023-10-31T16:00:00.000Z: 13 methods',
      'taobao 2024-09-full from 2024-08-31T16:00:00.000Z (not yet): 16 methods',
      'wechat_mini_program 2021-01-wechat from 2020-12-31T16:00:00.000Z: 1 methods',
      'wechat_mini_program 2022-01-quickpass from 2021-12-31T16:00:00.000Z: 2 methods',
    ].join('\n'),
  );
});

describe('a dry run', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'explain-spec-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const explain = async (request: unknown): Promise<unknown> => {
    const file = join(folder, 'request.json');
    await writeFile(file, JSON.stringify(request));
    return JSON.parse(await explainRequest(shipped, file, now));
  };
  const request = {
    platform: 'taobao',
    amount: { currency: 'CNY', minor: '30001' },
    channel: 'web',
    payer: { hasBalance: 'no' },
    payerKey: INSIDE,
  };

  it('says what would be offered now, and why not the rest', async () => {
    expect(await explain(request)).toMatchObject({
      platform: 'taobao',
      at: now.toISOString(),
      policyVersion: '2023-11-pilot',
      methods: expect.arrayContaining([
        expect.objectContaining({ method: 'alipay/alipay/qr', offered: true, reasons: [] }),
        expect.objectContaining({ ...QR, offered: false, reasons: ['above the limit'] }),
        expect.objectContaining({ ...LINK, offered: false, reasons: ['above the limit'] }),
      ]),
    });
  });

  it('leaves the share of a rollout open where nobody in particular asks', async () => {
    const anybody = {
      ...request,
      amount: { currency: 'CNY', minor: '30000' },
      payerKey: undefined, // JSON leaves it out
    };
    const link = { ...LINK, offered: true, shareBps: 5_000, reasons: [] };
    const withLink = (over: object) => ({
      methods: expect.arrayContaining([expect.objectContaining({ ...link, ...over })]),
    });
    expect(await explain(anybody)).toMatchObject(withLink({}));
    expect(await explain({ ...anybody, payerKey: OUTSIDE })).toMatchObject(
      withLink({ offered: false, reasons: [OUTSIDE_REASON] }),
    );
  });

  it('says it of any other time', async () => {
    expect(await explain({ ...request, at: '2024-09-01T00:00:00+08:00' })).toMatchObject({
      policyVersion: '2024-09-full',
    });
  });

  it('tells every mistake of the request', async () => {
    const wrong = { ...request, channel: 'fax', payer: { hasBoundCard: 'maybe' }, when: 'now' };
    const message = await explain(wrong).then(
      () => '',
      (fault: Error) => fault.message,
    );
    for (const path of ['$.channel', '$.payer.hasBoundCard', '$.when']) {
      expect(message).toContain(`request.json ${path}: `);
    }
  });
});
