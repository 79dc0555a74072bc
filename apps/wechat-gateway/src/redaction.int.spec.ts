import { createPrivateKey } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Prepared, PreparedRefund } from '@hutong/gateway';
import {
  anAttemptRequested,
  aProviderRef,
  aRefundRequested,
  CANARIES,
  canariesIn,
  FixedClock,
  REQUESTED_AT,
} from '@hutong/testing';
import { aKeyPair, writeAccount } from './account-files.examples.js';
import { clientsOf } from './clients.examples.js';
import { recorded, theAccount } from './recorded.examples.js';
import { SCRIPTED_KEY, ScriptedWechat, type Script } from './scripted-wechat.examples.js';
import { readWechatAccount } from './wechat.account.config.js';

const notifyUrl = 'https://pay.example/notifications/taobao';
const { mchid } = recorded.portal;

describe('what WeChat says and nobody may read again', () => {
  const clock = new FixedClock(REQUESTED_AT.toISOString());
  let wechat: ScriptedWechat;
  let adapter: ReturnType<typeof clientsOf>['adapter'];
  let order: Prepared;
  let refund: PreparedRefund;

  beforeAll(async () => {
    wechat = await ScriptedWechat.start(clock);
    const account = theAccount({
      answerSerial: SCRIPTED_KEY.serial,
      keys: new Map([[SCRIPTED_KEY.serial, SCRIPTED_KEY.publicKey]]),
      privateKey: createPrivateKey(aKeyPair().privateKeyPem),
    });
    ({ adapter } = clientsOf({ baseUrl: wechat.url, timeoutMs: 2_000 }, clock, account));
    const attempt = { ...anAttemptRequested(), account: 'taobao' };
    const made = adapter.prepare(attempt, clock.now(), {});
    if (!made.ok) throw new Error(made.refusal.code);
    order = made.value;
    const { amount } = attempt;
    const paid = {
      providerRef: aProviderRef(),
      instrument: 'wechat_pay' as const,
      amount,
      paidAt: clock.now(),
    };
    const asked = { ...aRefundRequested({ attemptId: attempt.attemptId }), account: 'taobao' };
    const back = adapter.prepareRefund(asked, { paid, fields: order.fields });
    if (!back.ok) throw new Error(back.refusal.code);
    refund = back.value;
  });
  afterAll(() => wechat[Symbol.asyncDispose]());

  /** Everything that can be asked, each answered by this script. */
  const reports = async (script: Script): Promise<string> => {
    const orders = `/v3/pay/transactions/out-trade-no/${order.attemptId}`;
    wechat.answer('POST /v3/pay/transactions/native', script);
    wechat.answer(`GET ${orders}?mchid=${mchid}`, script);
    wechat.answer(`POST ${orders}/close`, script);
    wechat.answer('POST /v3/refund/domestic/refunds', script);
    wechat.answer(`GET /v3/refund/domestic/refunds/${refund.refundId}`, script);
    const all = [
      adapter.submit(order),
      adapter.query(order),
      adapter.close(order),
      adapter.refund(refund),
      adapter.queryRefund(refund),
    ];
    return inspect(await Promise.all(all), { depth: 9 });
  };

  it('is in no report of a refusal, a fault or an answer that nobody understands', async () => {
    const { appid } = recorded.portal;
    for (const [, canary] of CANARIES) {
      const said = { code: canary, message: canary, detail: { field: canary, value: canary } };
      const ours = { mchid, appid, out_trade_no: order.attemptId, out_refund_no: refund.refundId };
      const scripts: readonly Script[] = [
        ...[400, 403, 404, 429, 500].map((status) => ({ status, json: said, unsigned: true })),
        { status: 200, json: said, unsigned: true },
        { status: 200, json: said },
        { status: 202, json: said },
        { status: 200, json: { ...ours, trade_state: canary, status: canary } },
        { status: 200, json: { ...ours, trade_state: 'SUCCESS', transaction_id: canary } },
      ];
      for (const script of scripts) {
        expect([script.status, ...canariesIn(await reports(script))]).toEqual([script.status]);
      }
    }
  }, 60_000);

  it('is in no claim of a notification that does not verify', () => {
    for (const [, canary] of CANARIES) {
      const names = ['serial', 'timestamp', 'nonce', 'signature'];
      const headers = Object.fromEntries(names.map((name) => [`wechatpay-${name}`, canary]));
      const body = new TextEncoder().encode(canary);
      const read = adapter.read({ account: 'taobao', headers, body }, clock.now());
      expect(read.kind).toBe('unverified');
      expect(canariesIn(inspect(read))).toEqual([]);
    }
  });
});

describe('what an account file holds and nobody may read again', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hutong-redaction-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is in no complaint about it, wherever in it it stands', async () => {
    const { publicKeyPem, privateKeyPem } = aKeyPair();
    const portal = {
      ...recorded.portal,
      privateKeyPem,
      publicKeyPem,
      certificateSerial: 'A'.repeat(40),
    };
    await writeAccount(folder, portal, { notifyUrl });
    const file = join(folder, `${portal.account}.json`);
    const good = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    expect(() => readWechatAccount(good, folder)).not.toThrow();
    for (const [, canary] of CANARIES) {
      await writeFile(join(folder, 'astray'), canary);
      const spoilt = [
        ...Object.keys(good).map((field) => ({ ...good, [field]: canary })),
        ...Object.keys(good).map((field) => ({ ...good, [field]: { [canary]: canary } })),
        { ...good, [canary]: canary },
        { ...good, privateKeyFile: 'astray' },
        { ...good, apiV3KeyFile: 'astray', apiV3Key: canary },
      ];
      for (const json of spoilt) {
        expect(canariesIn(complaint(() => readWechatAccount(json, folder)))).toEqual([]);
      }
    }
  });
});

function complaint(read: () => unknown): string {
  try {
    read();
    return 'none';
  } catch (thrown) {
    return inspect(thrown);
  }
}
