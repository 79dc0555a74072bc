import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttemptRequested } from '@hutong/domain-events';
import { GatewayWorld, type Notice } from '@hutong/gateway/conformance';
import { anAttemptId, anAttemptRequested, eventually, FixedClock } from '@hutong/testing';
import { aKeyPair, writeAccount } from './account-files.examples.js';
import { post } from './notice-tap.examples.js';
import { recorded } from './recorded.examples.js';
import { SCRIPTED_KEY, ScriptedWechat } from './scripted-wechat.examples.js';
import { startWechat } from './wechat.module.js';

const { account, mchid, appid } = recorded.portal;
const ORDERS = '/v3/pay/transactions';

/** Signed by WeChat's own key and sealed to us: only what it says is not ours. */
describe('a genuine notification that is not about our order', () => {
  const clock = new FixedClock(recorded.at); // stands still, so that nothing is asked by itself
  const opened = new AsyncDisposableStack();
  let wechat: ScriptedWechat;
  let world: GatewayWorld;

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hutong-foreign-'));
    opened.defer(() => rm(folder, { recursive: true }));
    wechat = opened.use(await ScriptedWechat.start(clock));
    const portal = {
      ...recorded.portal,
      privateKeyPem: aKeyPair().privateKeyPem,
      certificateSerial: '0'.repeat(40),
      publicKeyId: SCRIPTED_KEY.serial,
      publicKeyPem: SCRIPTED_KEY.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    };
    await writeAccount(folder, portal, { notifyUrl: 'https://pay.example/notifications/taobao' });
    const api = { baseUrl: wechat.url, timeoutMs: 5_000 };
    world = opened.use(
      await GatewayWorld.start(
        {
          provider: 'wechat',
          clock,
          start: (config, around) => startWechat({ ...config, api, accountsDir: folder }, around),
        },
        'all',
      ),
    );
  }, 60_000);
  afterAll(() => opened.disposeAsync(), 30_000);

  const queryOf = (orderNumber: string) =>
    `GET ${ORDERS}/out-trade-no/${orderNumber}?mchid=${mchid}`;
  const asked = (orderNumber: string) =>
    wechat.heard.filter(({ method, url }) => `${method} ${url}` === queryOf(orderNumber)).length;
  const ours = (orderNumber: string) => ({ mchid, appid, out_trade_no: orderNumber });
  const paid = (orderNumber: string, transactionId: string) => ({
    ...ours(orderNumber),
    trade_state: 'SUCCESS',
    transaction_id: transactionId,
    success_time: '2026-11-24T16:00:02+08:00',
    amount: { total: 12_800, currency: 'CNY' },
  });
  const [GENUINE, FOREIGN] = ['4200000000000000000000000001', '4200000000000000000000000002'];

  /** An order that its payer sees, and that is not paid whenever it is asked for. */
  const shown = async (): Promise<AttemptRequested> => {
    const end = new Date(clock.now().getTime() + 15 * 60_000);
    const command = anAttemptRequested({ expiresAt: end, notAfter: end });
    wechat.answer(`POST ${ORDERS}/native`, {
      status: 200,
      json: { code_url: 'weixin://wxpay/bizpayurl?pr=1' },
    });
    wechat.answer(queryOf(command.attemptId), {
      status: 200,
      json: { ...ours(command.attemptId), trade_state: 'NOTPAY' },
    });
    await world.command(command);
    await eventually(
      async () => {
        const attempt = await world.attempt(command.attemptId);
        return attempt?.status === 'awaiting_payer' && !attempt.leased;
      },
      { what: 'an order that is shown' },
    );
    return command;
  };
  /** All that is kept of the order; how often somebody was at it is not of the order. */
  const rowOf = async ({ attemptId }: AttemptRequested): Promise<object> => {
    const [row] = await world.db.query<{ kept: object }>(
      `select to_jsonb(a) - 'fence' as kept from attempts a
       where attempt_id = $1 and lease_owner is null`,
      [attemptId],
    );
    if (row === undefined) throw new Error('nobody has this order, or somebody is at it');
    return row.kept;
  };
  const tell = (notice: Notice) => post(`${world.at()}/notifications/${account}`, notice);
  const foreign = (orderNumber: string, said: object) =>
    wechat.notice('TRANSACTION.SUCCESS', { ...paid(orderNumber, FOREIGN), ...said });
  const put = (orderNumber: string) =>
    world.db.query(
      'select account, reason, told from quarantine where order_number = $1 order by id',
      [orderNumber],
    );
  const told = { mchid, appid, providerRef: FOREIGN, currency: 'CNY', minor: '12800' };
  const paidAt = '2026-11-24T08:00:02.000Z';
  const untilAsked = ({ attemptId }: AttemptRequested, times: number) =>
    eventually(
      async () => {
        const attempt = await world.attempt(attemptId);
        return asked(attemptId) === times && attempt?.leased === false;
      },
      { what: `${times} answered questions` },
    );

  type Row = Readonly<{ of: string; said: object; reason: string; kept: object }>;
  it.each<Row>([
    {
      of: 'merchant',
      said: { mchid: '1900000009' },
      reason: 'other_payee',
      kept: { ...told, mchid: '1900000009' },
    },
    {
      of: 'app',
      said: { appid: 'wx9999999999999999' },
      reason: 'other_payee',
      kept: { ...told, appid: 'wx9999999999999999' },
    },
    {
      of: 'currency',
      said: { amount: { total: 12_800, currency: 'USD' } },
      reason: 'other_currency',
      kept: { ...told, currency: 'USD' },
    },
    {
      of: 'amount',
      said: { amount: { total: 12_799, currency: 'CNY' } },
      reason: 'other_amount',
      kept: { ...told, minor: '12799' },
    },
  ])('of another $of changes nothing: what counts is the answer to our question', async (row) => {
    const command = await shown();
    const { attemptId } = command;
    const before = await rowOf(command);
    const notice = foreign(attemptId, row.said);
    expect(await tell(notice)).toBe(204);
    expect(await put(attemptId)).toEqual([
      { account, reason: row.reason, told: { ...row.kept, paidAt } },
    ]);
    expect(await world.notifications(attemptId)).toBe(0);
    await untilAsked(command, 1);
    expect(await rowOf(command)).toEqual(before);

    // The same again is known already, and asks nothing; another one does, and the answer is believed.
    expect(await tell(notice)).toBe(204);
    wechat.answer(queryOf(attemptId), { status: 200, json: paid(attemptId, GENUINE) });
    expect(await tell(foreign(attemptId, row.said))).toBe(204);
    await untilAsked(command, 2);
    expect(await rowOf(command)).toMatchObject({
      status: 'succeeded',
      provider_ref: GENUINE,
      paid_currency: 'CNY',
      paid_minor: 12_800,
    });
    expect((await world.reports(command.paymentId)).map(({ event }) => event.type)).toEqual([
      'attempt.awaiting_payer',
      'attempt.succeeded',
    ]);
  });

  it('of an order that we never made changes nothing, and asks nothing', async () => {
    const command = await shown();
    const before = await rowOf(command);
    const stranger = anAttemptId();
    expect(await tell(foreign(stranger, {}))).toBe(204);
    expect(await put(stranger)).toEqual([
      { account, reason: 'order_unknown', told: { ...told, paidAt } },
    ]);
    await world.settled();
    expect(await rowOf(command)).toEqual(before);
    expect(asked(stranger)).toBe(0);
    expect(asked(command.attemptId)).toBe(0);
  });
});
