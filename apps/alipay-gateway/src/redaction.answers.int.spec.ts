import { createPublicKey } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret } from '@hutong/config';
import type { Prepared, PreparedRefund } from '@hutong/gateway';
import { createLogger } from '@hutong/telemetry';
import {
  ALIPAY_REDIRECT,
  anAttemptRequested,
  aProviderRef,
  aRefundRequested,
  FixedClock,
} from '@hutong/testing';
import { ALL, contentKey, forgeries, canariesIn, ofPayer } from './canaries.examples.js';
import { clientsOf } from './clients.examples.js';
import { recorded, theAccount } from './recorded.examples.js';
import {
  answerTo,
  SCRIPTED_KEY_PEM,
  ScriptedAlipay,
  type Asked,
  type Script,
} from './scripted-alipay.examples.js';
import { CODE } from './sealing-keys.examples.js';

describe('what Alipay says and nobody may read again', () => {
  const clock = new FixedClock(recorded.at);
  const log = new PassThrough().setEncoding('utf8');
  const logger = createLogger({ service: 'alipay-gateway', level: 'trace', destination: log });
  let logged = '';
  let alipay: ScriptedAlipay;
  let adapter: ReturnType<typeof clientsOf>['adapter'];
  let scanned: Prepared;
  let inStore: Prepared;
  let refund: PreparedRefund;

  beforeAll(async () => {
    log.on('data', (text: string) => (logged += text));
    alipay = await ScriptedAlipay.start(contentKey);
    const account = theAccount({
      keys: new Map([['of this run', createPublicKey(SCRIPTED_KEY_PEM)]]),
      contentKey: Secret.of(contentKey),
    });
    const api = { gateway: alipay.url, timeoutMs: 2_000 };
    ({ adapter } = clientsOf(api, clock, account, logger));
    const prepared = (presentation: 'qr' | 'barcode'): Prepared => {
      const method = { ...ALIPAY_REDIRECT, presentation };
      const attempt = { ...anAttemptRequested({ method }), account: 'taobao' };
      const made = adapter.prepare(attempt, clock.now(), { code: CODE });
      if (!made.ok) throw new Error(made.refusal.code);
      return made.value;
    };
    scanned = prepared('qr');
    inStore = prepared('barcode');
    const { amount } = anAttemptRequested();
    const paid = {
      providerRef: aProviderRef(),
      instrument: 'alipay' as const,
      amount,
      paidAt: clock.now(),
    };
    const asked = { ...aRefundRequested({ amount }), account: 'taobao' };
    const back = adapter.prepareRefund(asked, { paid, fields: scanned.fields });
    if (!back.ok) throw new Error(back.refusal.code);
    refund = back.value;
  });
  afterAll(() => alipay[Symbol.asyncDispose]());

  /** Everything that can be asked, each answered by this script. */
  const reports = async (script: (asked: Asked) => Script): Promise<string> => {
    alipay.answering(script);
    const all = [
      adapter.submit(scanned),
      adapter.query(scanned),
      adapter.close(scanned),
      adapter.submit(inStore),
      adapter.close(inStore),
      adapter.refund(refund),
      adapter.queryRefund(refund),
    ];
    return inspect(await Promise.all(all), { depth: 9 });
  };

  it('is in no line and no report of a refusal, a fault or an answer that nobody understands', async () => {
    for (const [what, canary] of ALL) {
      const payer = ofPayer(canary);
      const said = (content: object, by: 'alipay' | 'nobody') => (asked: Asked) => {
        const ours = { out_trade_no: asked.orderNumber, out_request_no: refund.refundId };
        return answerTo(asked.method, { ...payer, ...ours, ...content }, by);
      };
      const scripts: readonly ((asked: Asked) => Script)[] = [
        ...[200, 500].map((status) => () => ({ status, body: canary })),
        said({ code: '20001', sub_code: `isv.${canary}` }, 'nobody'),
        said({ code: '40004', sub_code: canary }, 'alipay'),
        said({ code: canary, sub_code: canary }, 'alipay'),
        said({ code: '10000', out_trade_no: canary, out_request_no: canary }, 'alipay'),
        said({ code: '10000', trade_status: canary, refund_status: canary }, 'alipay'),
        said({ code: '10000', trade_no: canary, retry_flag: canary, refund_fee: canary }, 'alipay'),
        () => ({ body: `{"error_response":${JSON.stringify(canary)},"sign":"${canary}"}` }),
        ({ method }) => answerTo(method, [canary], 'alipay'),
      ];
      for (const [index, script] of scripts.entries()) {
        expect([what, index, ...canariesIn(await reports(script))]).toEqual([what, index]);
      }
    }
    expect(logged).toContain('alipay takes no request of ours');
    expect(canariesIn(logged)).toEqual([]);
  }, 60_000);

  it('is in no claim of a notification that does not verify', () => {
    for (const [what, canary] of ALL) {
      for (const body of forgeries(canary)) {
        const raw = { account: 'taobao', headers: {}, body: Buffer.from(body) };
        const read = adapter.read(raw);
        expect([what, read.kind, ...canariesIn(inspect(read))]).toEqual([what, 'unverified']);
      }
    }
  });
});
