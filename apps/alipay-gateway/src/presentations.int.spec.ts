import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@hutong/config';
import type { Action, Channel, Method } from '@hutong/domain-events';
import type { Paid, Prepared, PreparedRefund } from '@hutong/gateway';
import { money } from '@hutong/money';
import { ALIPAY_REDIRECT, anAttemptRequested, aRefundRequested, freePorts } from '@hutong/testing';
import { Reaper } from '@hutong/world';
import { writeAccount } from './account-files.examples.js';
import type { AlipayAdapter } from './alipay.adapter.js';
import { readAlipayAccount } from './alipay.account.config.js';
import { clientsOf } from './clients.examples.js';
import {
  gatewayOf,
  refundsOf,
  showCode,
  startSandbox,
  type AlipaySandbox,
} from './sandbox-process.examples.js';

const notifyUrl = 'http://127.0.0.1:9/notifications/taobao';
const AMOUNT = money(12_800n, 'CNY');
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);

describe('on the sandbox', () => {
  let folder: string;
  let reaper: Reaper;
  let sandbox: AlipaySandbox;
  let alipay: AlipayAdapter;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hutong-presentations-'));
    reaper = Reaper.start(folder);
    sandbox = await startSandbox(folder, reaper);
    const { account } = sandbox.portal;
    await sandbox.say('/control/alipay/interoperability', { account, takesUnionpay: true });
    await sandbox.say('/control/clock', { scale: 1_000 }); // of the gaps between refunds
    alipay = await adapter();
  }, 120_000);
  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
    await reaper[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }, 30_000);

  const adapter = async (said: object = {}): Promise<AlipayAdapter> => {
    await writeAccount(folder, sandbox.portal, { notifyUrl, ...said });
    const file = join(folder, `${sandbox.portal.account}.json`);
    const account = readAlipayAccount(JSON.parse(await readFile(file, 'utf8')), folder);
    return clientsOf({ gateway: gatewayOf(sandbox), timeoutMs: 5_000 }, systemClock, account)
      .adapter;
  };
  const order = (
    presentation: Method['presentation'] = 'qr',
    { channel = 'web', code }: Readonly<{ channel?: Channel; code?: string }> = {},
  ): Prepared => {
    const attempt = {
      ...anAttemptRequested({
        method: { ...ALIPAY_REDIRECT, presentation },
        channel,
        expiresAt: inMinutes(15),
        description: '龙井茶 & tea 100%',
        returnUrl: 'https://shop.example/done?order=1',
      }),
      account: sandbox.portal.account,
    };
    const made = alipay.prepare(attempt, new Date(), { code });
    if (!made.ok) throw new Error(made.refusal.code);
    return made.value;
  };
  const shown = async (prepared: Prepared, by = alipay): Promise<Action> => {
    const report = await by.submit(prepared);
    if (report.kind !== 'awaiting_payer') throw new Error(JSON.stringify(report));
    return report.action;
  };
  /** What a payer has of an order: nothing but what was shown. */
  const pointer = (action: Action) => {
    switch (action.type) {
      case 'qr':
        return { qrCode: action.content };
      case 'redirect':
        return { url: action.url };
      case 'app':
        return { orderString: action.parameters['orderString'] };
      case 'mini_program':
      case 'wait':
        throw new Error('nothing to pay with');
    }
  };
  const pay = (action: Action, wallet = 'alipay') =>
    sandbox.say('/control/alipay/pay', { ...pointer(action), wallet });
  const paid = { kind: 'succeeded', instrument: 'alipay', amount: AMOUNT };

  it.each<Readonly<{ presentation: Method['presentation']; channel: Channel }>>([
    { presentation: 'qr', channel: 'web' },
    { presentation: 'redirect', channel: 'web' },
    { presentation: 'redirect', channel: 'app' },
    { presentation: 'app', channel: 'app' },
  ])('what is shown for $presentation in $channel is what can be paid with', async (row) => {
    const prepared = order(row.presentation, row);
    const action = await shown(prepared);
    expect(action.type).toBe(row.presentation);
    // There is no such order, and it is awaited all the same; nor can it be closed.
    expect(await alipay.query(prepared)).toEqual({ kind: 'awaiting_payer' });
    expect(await alipay.close(prepared)).toEqual({ kind: 'unknown', cause: 'trade_not_exist' });
    await sandbox.say('/control/alipay/open', pointer(action));
    expect(await alipay.query(prepared)).toEqual({ kind: 'awaiting_payer' });
    await pay(action);
    expect(await alipay.query(prepared)).toMatchObject(paid);
    expect(await alipay.close(prepared)).toEqual({ kind: 'settled', cause: 'trade_status_error' });
  });

  it('brings a browser back to the shop', async () => {
    const action = await shown(order('redirect'));
    const { searchParams } = new URL(action.type === 'redirect' ? action.url : '');
    expect(searchParams.get('return_url')).toBe('https://shop.example/done?order=1');
  });

  it('shows the same code again, since the same bytes are the same order', async () => {
    const prepared = order();
    expect(await shown(prepared)).toMatchObject({
      content: pointer(await shown(prepared)).qrCode,
    });
  });

  it('closes what was opened and not paid, once', async () => {
    const prepared = order();
    await sandbox.say('/control/alipay/open', pointer(await shown(prepared)));
    expect(await alipay.close(prepared)).toEqual({ kind: 'closed' });
    expect(await alipay.query(prepared)).toEqual({ kind: 'closed', reason: 'expired' });
    expect(await alipay.close(prepared)).toMatchObject({ kind: 'settled' });
  });

  it.each<[wallet: string, instrument: string]>([
    ['alipay', 'alipay'],
    ['cloud_quickpass', 'cloud_quickpass'],
    ['bank_app:0105', 'bank_app:0105'],
  ])('is told that %s paid', async (wallet, instrument) => {
    const prepared = order();
    await pay(await shown(prepared), wallet);
    expect(await alipay.query(prepared)).toMatchObject({ ...paid, instrument });
  });

  describe('in every kind of keys', () => {
    const files = () => ({
      'app.crt': sandbox.portal.appCertificatePem,
      'alipay.crt': sandbox.portal.alipayCertificatePem,
      'roots.crt': sandbox.portal.alipayRootCertificatesPem,
      'content.key': sandbox.portal.aesKey,
    });
    const certificates = {
      alipayKeys: {
        mode: 'certificates',
        appCertificateFile: 'app.crt',
        rootCertificatesFile: 'roots.crt',
        certificateFiles: ['alipay.crt'],
      },
    };
    const encrypted = { contentKeyFile: 'content.key' };
    it.each<[what: string, said: object]>([
      ['certificates', certificates],
      ['encrypted content', encrypted],
      ['both', { ...certificates, ...encrypted }],
    ])('pays with %s', async (_, said) => {
      for (const [name, text] of Object.entries(files())) {
        await writeFile(join(folder, name), text, { mode: 0o600 });
      }
      const other = await adapter(said);
      for (const presentation of ['qr', 'redirect', 'app'] as const) {
        const prepared = order(presentation);
        await pay(await shown(prepared, other));
        expect(await other.query(prepared)).toMatchObject(paid);
      }
    });

    it('believes nobody else’s certificate', async () => {
      await writeFile(join(folder, 'app.crt'), sandbox.portal.appCertificatePem);
      const said = { ...certificates.alipayKeys, certificateFiles: ['app.crt'] };
      const other = await adapter({ alipayKeys: said });
      expect(await other.query(order())).toEqual({ kind: 'unknown', cause: 'unverifiable_answer' });
    });
  });

  describe('a code shown in store', () => {
    const byCode = async (said: Readonly<{ wallet?: string; then?: string; code?: string }> = {}) =>
      order('barcode', { channel: 'in_store', code: await showCode(sandbox, said) });

    it('pays with its own answer', async () => {
      const prepared = await byCode();
      const report = await alipay.submit(prepared);
      expect(report).toMatchObject(paid);
      expect(await alipay.query(prepared)).toEqual(report);
    });

    it('of UnionPay’s app pays through Alipay', async () => {
      expect(await alipay.submit(await byCode({ wallet: 'cloud_quickpass' }))).toMatchObject({
        ...paid,
        instrument: 'cloud_quickpass',
      });
    });

    it('waits for its payer, and is closed', async () => {
      const prepared = await byCode({ then: 'waits' });
      expect(await shown(prepared)).toEqual({ type: 'wait', validUntil: prepared.expiresAt });
      expect(await alipay.query(prepared)).toEqual({ kind: 'awaiting_payer' });
      expect(await alipay.close(prepared)).toEqual({ kind: 'closed' });
      expect(await alipay.query(prepared)).toEqual({ kind: 'closed', reason: 'expired' });
    });

    it('of which its payer was asked and who paid is not given it back by a close', async () => {
      const prepared = await byCode();
      const { attemptId: outTradeNo } = prepared;
      await sandbox.arm({ call: 'pay', fault: 'asks_payer', outTradeNo });
      await shown(prepared);
      await sandbox.say('/control/alipay/pay', { outTradeNo });
      expect(await alipay.close(prepared)).toMatchObject({ kind: 'settled' });
      expect(await alipay.query(prepared)).toMatchObject(paid);
    });

    it.each<[code: string, reason: string]>([
      ['ACQ.BUYER_BALANCE_NOT_ENOUGH', 'insufficient_funds'],
      ['ACQ.PAYMENT_FAIL', 'declined'],
      ['ACQ.BEYOND_PER_RECEIPT_RESTRICTION', 'limit'],
      ['ACQ.USER_FACE_PAYMENT_SWITCH_OFF', 'payer_account'],
    ])('that is declined by %s failed for certain: %s', async (code, reason) => {
      const prepared = await byCode({ then: 'declines', code });
      expect(await alipay.submit(prepared)).toEqual({ kind: 'failed', reason });
    });

    it.each([
      ['failed for certain where no trade came of it', 'failed', 'ACQ.BUYER_ERROR'],
      ['is in doubt while nobody can say that', 'unknown', 'ACQ.BUYER_ERROR'],
    ])('that is refused by a code of no list %s', async (_, kind, code) => {
      const prepared = await byCode();
      const { attemptId: outTradeNo } = prepared;
      await sandbox.arm({ call: 'pay', fault: 'refuse', code, outTradeNo });
      if (kind === 'unknown') await sandbox.arm({ call: 'query', fault: 'error_500', outTradeNo });
      expect(await alipay.submit(prepared)).toEqual(
        kind === 'failed'
          ? { kind: 'failed', reason: 'rejected' }
          : { kind: 'unknown', cause: 'code_40004' },
      );
    });

    it('is taken once', async () => {
      const code = await showCode(sandbox, {});
      expect(await alipay.submit(order('barcode', { code }))).toMatchObject({ kind: 'succeeded' });
      expect(await alipay.submit(order('barcode', { code }))).toEqual({
        kind: 'failed',
        reason: 'declined',
      });
    });

    it.each<[fault: string, cause: string]>([
      ['unknown_20000_after', 'unknow_error'],
      ['system_error_after', 'system_error'],
      ['error_500_after', 'http_500'],
      ['unsigned', 'unverifiable_answer'],
      ['bad_signature', 'unverifiable_answer'],
      ['drop_answer', 'reset'],
    ])('that was paid behind %s is in doubt, and found by asking', async (fault, cause) => {
      const prepared = await byCode();
      await sandbox.arm({ call: 'pay', fault, outTradeNo: prepared.attemptId });
      expect(await alipay.submit(prepared)).toEqual({ kind: 'unknown', cause });
      expect(await alipay.query(prepared)).toMatchObject(paid);
    });

    it('of which nobody knows is not touched where asking finds it paid', async () => {
      const taken = await byCode();
      await sandbox.arm({ call: 'pay', fault: 'drop_answer', outTradeNo: taken.attemptId });
      expect(await alipay.submit(taken)).toMatchObject({ kind: 'unknown' });
      expect(await alipay.close(taken, true)).toEqual({ kind: 'settled', cause: 'trade_told' });
      expect(await alipay.query(taken)).toMatchObject(paid);
    });

    it('of which nobody knows is closed, and never given back, where asking finds it unpaid', async () => {
      const prepared = await byCode({ then: 'waits' });
      const { attemptId: outTradeNo } = prepared;
      await sandbox.arm({ call: 'pay', fault: 'drop_answer', outTradeNo });
      expect(await alipay.submit(prepared)).toMatchObject({ kind: 'unknown' });
      await sandbox.arm({ call: 'cancel', fault: 'retry', outTradeNo });
      expect(await alipay.close(prepared, true)).toEqual({ kind: 'closed' });
    });

    it('of which nobody knows or can be asked is cancelled until it is done, and takes no money', async () => {
      const prepared = await byCode();
      const { attemptId: outTradeNo } = prepared;
      await sandbox.arm({ call: 'pay', fault: 'drop_answer', outTradeNo });
      await alipay.submit(prepared);
      await sandbox.arm({ call: 'query', fault: 'system_error', outTradeNo, times: 2 });
      await sandbox.arm({ call: 'cancel', fault: 'retry', outTradeNo });
      expect(await alipay.close(prepared, true)).toEqual({ kind: 'unknown', cause: 'retry_asked' });
      expect(await alipay.close(prepared, true)).toEqual({ kind: 'closed' });
      expect(await alipay.query(prepared)).toEqual({ kind: 'closed', reason: 'expired' });
    });
  });

  describe('an answer', () => {
    it.each<[fault: string, code: string | undefined, cause: string]>([
      ['rate_limited', undefined, 'method_call_limited'],
      ['refuse', 'isv.invalid-signature', 'invalid_signature'],
      ['refuse', 'isv.insufficient-isv-permissions', 'insufficient_isv_permissions'],
      ['refuse', 'isp.unknow-error', 'unknow_error'],
      ['error_500', undefined, 'http_500'],
    ])('of the gateway itself leaves everything open: %s %s', async (fault, code, cause) => {
      const prepared = order();
      const { attemptId: outTradeNo } = prepared;
      await sandbox.arm({ call: 'precreate', fault, outTradeNo, ...(code && { code }) });
      expect(await alipay.submit(prepared)).toEqual({ kind: 'unknown', cause });
    });

    it.each<[code: string, report: object]>([
      ['ACQ.TOTAL_FEE_EXCEED', { kind: 'failed', reason: 'limit' }],
      ['ACQ.ACCESS_FORBIDDEN', { kind: 'failed', reason: 'misconfigured' }],
      ['ACQ.CONTEXT_INCONSISTENT', { kind: 'unknown', cause: 'context_inconsistent' }],
      ['ACQ.TRADE_HAS_SUCCESS', { kind: 'settled', cause: 'trade_has_success' }],
    ])('of business is certain where its code is: %s', async (code, report) => {
      const prepared = order();
      const { attemptId: outTradeNo } = prepared;
      await sandbox.arm({ call: 'precreate', fault: 'refuse', code, outTradeNo });
      expect(await alipay.submit(prepared)).toEqual(report);
    });

    it('is believed that was signed before its slashes were escaped', async () => {
      const prepared = order();
      const { attemptId: outTradeNo } = prepared;
      await sandbox.arm({ call: 'precreate', fault: 'slashes_plain', outTradeNo });
      expect((await shown(prepared)).type).toBe('qr');
    });

    it('that nobody can reach it sent nothing', async () => {
      const [port = 0] = await freePorts(1);
      const api = { gateway: new URL(`http://127.0.0.1:${port}/gateway.do`), timeoutMs: 1_000 };
      const file = join(folder, `${sandbox.portal.account}.json`);
      const account = readAlipayAccount(JSON.parse(await readFile(file, 'utf8')), folder);
      const nobody = clientsOf(api, systemClock, account).adapter;
      expect(await nobody.submit(order())).toEqual({ kind: 'not_sent', cause: 'refused' });
    });
  });

  describe('money that goes back', () => {
    const bought = async (): Promise<Readonly<{ prepared: Prepared; taken: Paid }>> => {
      const prepared = order();
      await pay(await shown(prepared));
      const taken = await alipay.query(prepared);
      if (taken.kind !== 'succeeded') throw new Error(taken.kind);
      return { prepared, taken };
    };
    const refundOf = (
      { prepared: { attemptId, account, fields }, taken }: Awaited<ReturnType<typeof bought>>,
      fen: bigint,
    ): PreparedRefund => {
      const asked = aRefundRequested({ attemptId, amount: money(fen, 'CNY'), reason: 'too large' });
      const made = alipay.prepareRefund({ ...asked, account }, { paid: taken, fields });
      if (!made.ok) throw new Error(made.refusal.code);
      return made.value;
    };
    const back = (refund: PreparedRefund, fen: bigint) => ({
      kind: 'succeeded',
      providerRef: refund.refundId,
      amount: money(fen, 'CNY'),
    });

    it('is told by its own answer, part by part, until the order is called closed', async () => {
      const order = await bought();
      for (const fen of [2_800n, 9_999n, 1n]) {
        const refund = refundOf(order, fen);
        expect(await alipay.refund(refund)).toMatchObject(back(refund, fen));
        expect(await alipay.queryRefund(refund)).toMatchObject(back(refund, fen));
      }
      // Called closed, as if nobody had ever paid it: only our own record knows better.
      expect(await alipay.query(order.prepared)).toEqual({ kind: 'closed', reason: 'expired' });
      expect(await alipay.query(order.prepared, order.taken)).toEqual({
        kind: 'succeeded',
        ...order.taken,
      });
    });

    it('goes back once, however often it is asked to', async () => {
      const refund = refundOf(await bought(), 2_800n);
      expect(await alipay.refund(refund)).toMatchObject(back(refund, 2_800n));
      expect(await alipay.refund(refund)).toEqual({ kind: 'unknown', cause: 'fund_change_n' });
      expect(await alipay.queryRefund(refund)).toMatchObject(back(refund, 2_800n));
      expect(await refundsOf(sandbox, refund.refundId)).toBe(1);
    });

    it('is not there until it moves, and is asked for again under the same number', async () => {
      const refund = refundOf(await bought(), 2_800n);
      const { attemptId: outTradeNo } = refund;
      expect(await alipay.queryRefund(refund)).toEqual({ kind: 'not_found' });
      await sandbox.arm({ call: 'refund', fault: 'never_moves', outTradeNo });
      expect(await alipay.refund(refund)).toEqual({ kind: 'unknown', cause: 'fund_change_n' });
      expect(await alipay.queryRefund(refund)).toEqual({ kind: 'not_found' });
      expect(await alipay.refund(refund)).toMatchObject(back(refund, 2_800n));
    });

    it('that nobody paid, or too much of it, goes back to nobody', async () => {
      const paidOnce = await bought();
      const all = refundOf(paidOnce, 12_800n);
      expect(await alipay.refund(all)).toMatchObject({ kind: 'succeeded' });
      expect(await alipay.refund(refundOf(paidOnce, 1n))).toEqual({
        kind: 'failed',
        reason: 'rejected',
      });
      const stranger = { ...paidOnce, prepared: order() };
      expect(await alipay.queryRefund(refundOf(stranger, 1n))).toEqual({ kind: 'not_found' });
    });

    it.each<[fault: string, cause: string]>([
      ['unknown_20000_after', 'unknow_error'],
      ['system_error_after', 'system_error'],
      ['unsigned', 'unverifiable_answer'],
      ['drop_answer', 'reset'],
    ])('behind %s is in doubt, and found by asking', async (fault, cause) => {
      const refund = refundOf(await bought(), 2_800n);
      await sandbox.arm({ call: 'refund', fault, outTradeNo: refund.attemptId });
      expect(await alipay.refund(refund)).toEqual({ kind: 'unknown', cause });
      expect(await alipay.queryRefund(refund)).toMatchObject(back(refund, 2_800n));
    });

    it('that the merchant does not have is refused for certain', async () => {
      const refund = refundOf(await bought(), 2_800n);
      await sandbox.say('/control/alipay/withdraw', { account: sandbox.portal.account });
      expect(await alipay.refund(refund)).toEqual({ kind: 'failed', reason: 'merchant_account' });
    });
  });
});
