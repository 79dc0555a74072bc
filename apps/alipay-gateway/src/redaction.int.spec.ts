import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@hutong/config';
import type { AttemptRequested } from '@hutong/domain-events';
import { GatewayWorld } from '@hutong/gateway/conformance';
import {
  ALIPAY_REDIRECT,
  anAttemptRequested,
  aProviderRef,
  eventually,
  exchange,
  freePorts,
  requestsWith,
} from '@hutong/testing';
import { writeAccount } from './account-files.examples.js';
import { startAlipay } from './alipay.module.js';
import {
  ALL,
  aNotice,
  contentKey,
  forgeries,
  canariesIn,
  ofPayer,
  privateKeyPem,
} from './canaries.examples.js';
import { recorded } from './recorded.examples.js';
import {
  answerTo,
  SCRIPTED_KEY_PEM,
  ScriptedAlipay,
  signedNotice,
} from './scripted-alipay.examples.js';
import { CODE, sealingIn } from './sealing-keys.examples.js';

describe('what nobody may read again, at the gateway of Alipay', () => {
  const opened = new AsyncDisposableStack();
  const log = new PassThrough().setEncoding('utf8');
  let logged = '';
  let alipay: ScriptedAlipay;
  let world: GatewayWorld;
  let sealed: (code: string) => Promise<string>;

  beforeAll(async () => {
    log.on('data', (text: string) => (logged += text));
    const folder = await mkdtemp(join(tmpdir(), 'hutong-redaction-'));
    opened.defer(() => rm(folder, { recursive: true }));
    const { dir: sealingKeysDir, seal } = await sealingIn(folder);
    sealed = seal;
    alipay = opened.use(await ScriptedAlipay.start(contentKey));
    const accountsDir = join(folder, 'accounts');
    await mkdir(accountsDir);
    await writeFile(join(accountsDir, 'content.key'), contentKey);
    const portal = {
      ...recorded.portal,
      appPrivateKeyPem: privateKeyPem,
      alipayPublicKeyPem: SCRIPTED_KEY_PEM,
    };
    await writeAccount(accountsDir, portal, {
      notifyUrl: 'https://pay.example/notifications/taobao',
      contentKeyFile: 'content.key',
      requestsPerSecond: 1_000,
    });
    const api = { gateway: alipay.url, cashier: alipay.url, timeoutMs: 5_000 };
    const [port = 0] = await freePorts(1);
    world = opened.use(
      await GatewayWorld.start(
        {
          provider: 'alipay',
          clock: systemClock,
          port,
          log,
          start: (config, around) =>
            startAlipay({ ...config, api, accountsDir, sealingKeysDir }, around),
        },
        'all',
      ),
    );
  }, 60_000);
  afterAll(() => opened.disposeAsync(), 30_000);

  /** In lines, samples of refused notifications, metrics and what the ring was told of these. */
  const leaked = async (of: readonly AttemptRequested[] = []): Promise<string[]> => {
    const samples = await world.db.query('select * from refused_notifications');
    const told = await Promise.all(of.map(({ paymentId }) => world.reports(paymentId)));
    const seen = [logged, inspect([samples, told], { depth: 9 }), await world.metrics()];
    return seen.flatMap(canariesIn);
  };
  const notify = async (body: string): Promise<readonly [status: number, text: string]> => {
    const answer = await fetch(`${world.at()}/notifications/taobao`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    });
    return [answer.status, await answer.text()];
  };

  it('is in no answer to a forged notification, in no line about it and in no sample of it', async () => {
    const target = { token: 'x', paths: ['/notifications'], post: '/notifications/taobao' };
    const port = Number(new URL(world.at()).port);
    for (const [, canary] of ALL) {
      for (const request of requestsWith(canary, target)) {
        const back = await exchange(port, request).catch(() => '');
        expect([request, ...canariesIn(back)]).toEqual([request]);
      }
      for (const body of forgeries(canary)) expect(await notify(body)).toEqual([401, 'fail']);
    }
    expect(await world.db.query('select 1 from refused_notifications')).not.toEqual([]);
    expect(await leaked()).toEqual([]);
  }, 60_000);

  it('is in no line about what Alipay verifiably said and nobody understands', async () => {
    for (const [, canary] of ALL) {
      const payer = ofPayer(canary);
      const fields = ['notify_type', 'trade_status', 'seller_id', 'fund_bill_list', 'out_biz_no'];
      for (const field of [...fields, 'total_amount', 'gmt_payment', 'out_trade_no', 'notify_id']) {
        const body = signedNotice(aNotice({ ...payer, [field]: canary }));
        expect(await notify(body)).toEqual([200, 'success']);
      }
    }
    expect(logged).toContain('notification does not agree with our books');
    expect(await leaked()).toEqual([]);
  }, 60_000);

  it('is in no line and no report of an order, whatever its payer shows and Alipay says', async () => {
    const commands: AttemptRequested[] = [];
    const said = new Map<string, string>();
    const end = new Date(Date.now() + 15 * 60_000);
    for (const [, canary] of ALL) {
      const about = {
        expiresAt: end,
        notAfter: end,
        description: canary.replaceAll(/\s/g, ' ').slice(0, 60),
        returnUrl: `https://x.example/?${encodeURIComponent(canary).slice(0, 200)}`,
      };
      const shown = { ...ALIPAY_REDIRECT, presentation: 'qr' } as const;
      const inStore = {
        ...about,
        method: { ...ALIPAY_REDIRECT, presentation: 'barcode' },
        channel: 'in_store',
      } as const;
      const three = [
        anAttemptRequested({ ...about, method: shown }),
        anAttemptRequested({ ...inStore, sealedPayer: await sealed(CODE) }),
        anAttemptRequested({ ...inStore, sealedPayer: await sealed(canary) }),
      ];
      commands.push(...three);
      for (const { attemptId } of three) said.set(attemptId, canary);
    }
    alipay.answering(({ method, orderNumber }) => {
      const payer = { ...ofPayer(said.get(orderNumber) ?? ''), out_trade_no: orderNumber };
      switch (method) {
        case 'alipay.trade.precreate': {
          const shows = { code: '10000', qr_code: 'https://qr.alipay.com/bax0' };
          return answerTo(method, { ...payer, ...shows }, 'alipay');
        }
        case 'alipay.trade.pay': {
          const refusal = { code: '40002', sub_code: payer.msg };
          return answerTo(method, { ...payer, ...refusal }, 'nobody');
        }
        default: {
          const paid = {
            code: '10000',
            trade_no: aProviderRef(),
            trade_status: 'TRADE_SUCCESS',
            total_amount: '128.00',
            send_pay_date: '2026-11-24 16:00:02',
            fund_bill_list: [
              { fund_channel: payer.msg.slice(0, 64), bank_code: payer.msg.slice(0, 64) },
            ],
          };
          return answerTo(method, { ...payer, ...paid }, 'alipay');
        }
      }
    });
    await Promise.all(commands.map((one) => world.command(one)));
    const ends = ALL.flatMap(() => ['awaiting_payer', 'succeeded', /succeeded|failed/]);
    for (const [i, { attemptId }] of commands.entries()) {
      const end = new RegExp(ends[i] ?? 'none');
      await eventually(async () => end.test((await world.attempt(attemptId))?.status ?? ''), {
        what: `an attempt that is ${end.source}`,
        withinMs: 20_000,
      });
    }
    expect(logged).toContain('alipay takes no request of ours');
    expect(await leaked(commands)).toEqual([]);
  }, 60_000);
});
