import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GatewayWorld,
  ShiftedClock,
  type GatewayStage,
  type Notice,
} from '@hutong/gateway/conformance';
import { money } from '@hutong/money';
import {
  ALIPAY_REDIRECT,
  anAttemptRequested,
  aRefundRequested,
  eventually,
  freePorts,
} from '@hutong/testing';
import { Reaper } from '@hutong/world';
import { writeAccount } from './account-files.examples.js';
import { startAlipay } from './alipay.module.js';
import { alipayForgeries } from './forgeries.examples.js';
import { post, startTap } from './notice-tap.examples.js';
import { gatewayOf, refundsOf, startSandbox } from './sandbox-process.examples.js';
import { sealingIn } from './sealing-keys.examples.js';

const LIFE_MS = 15 * 60_000;
const HELD_MS = 2_000;
/** Of two payers' codes, which differ behind it. They are UnionPay's, whose life Alipay does not know. */
const SECRET = '621234567890123456';

/** The gateway against the sandbox: a process that checks our signatures and signs its own. */
export async function startSandboxStage(): Promise<GatewayStage> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'hutong-alipay-'));
  const reaper = opened.use(Reaper.start(folder));
  const sandbox = opened.use(await startSandbox(folder, reaper));
  const [gatewayPort = 0] = await freePorts(1);
  const { account } = sandbox.portal;
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}/notifications/${account}`;
  const tell = (notice: Notice) => post(gatewayUrl, notice);
  const tap = opened.use(await startTap(`/notifications/${account}`, tell));
  const accountsDir = join(folder, 'accounts');
  await mkdir(accountsDir);
  await writeAccount(accountsDir, sandbox.portal, { notifyUrl: tap.url });

  const { dir: sealingKeysDir, seal, foreign } = await sealingIn(folder);
  const [sealedOne, sealedOther] = [await seal(`${SECRET}1`), await seal(`${SECRET}2`)];
  await sandbox.say('/control/alipay/interoperability', { account, takesUnionpay: true });
  await sandbox.arm({ call: 'pay', fault: 'asks_payer', times: 2 });
  const clock = new ShiftedClock();
  const gateway = gatewayOf(sandbox);
  const api = { gateway, cashier: gateway, timeoutMs: 2 * HELD_MS };
  const world = opened.use(
    await GatewayWorld.start(
      {
        provider: 'alipay',
        clock,
        port: gatewayPort,
        start: (config, around) =>
          startAlipay({ ...config, api, accountsDir, sealingKeysDir }, around),
      },
      'all',
    ),
  );
  const say = async (path: string, body: object) => {
    await sandbox.say(path, body);
  };
  const arm = (call: string, fault: string, outTradeNo: string) =>
    sandbox.arm({ call, fault, outTradeNo });
  const command = (sealedPayer?: string) => {
    const end = new Date(Date.now() + LIFE_MS);
    const byCode = sealedPayer !== undefined;
    return anAttemptRequested({
      expiresAt: end,
      notAfter: end,
      method: { ...ALIPAY_REDIRECT, presentation: byCode ? 'barcode' : 'qr' },
      ...(byCode && { sealedPayer, channel: 'in_store' }),
    });
  };
  const closing = opened.move();
  return {
    world,
    clock,
    answers: { kept: 200, refused: 401 },
    // A few times as fast while the suite waits: seconds in all, of the minutes that a signature allows.
    passTime: () => clock.advance(100),
    command: (scenario) => command(scenario === 'sealed' ? sealedOne : undefined),
    codeCommand: () => command(sealedOther),
    open: (outTradeNo) => say('/control/alipay/open', { outTradeNo }),
    orders: (id) => sandbox.orders(id),
    loseNextAnswer: (id) => arm('precreate', 'drop_answer', id),
    spoilNextAnswer: (id) => arm('precreate', 'bad_signature', id),
    holdNextAnswer: async (id) => {
      const held = { fault: 'delay_answer', delayMs: HELD_MS };
      await sandbox.arm({ call: 'precreate', outTradeNo: id, ...held });
      return () => undefined; // it comes by itself
    },
    pay: async (outTradeNo, telling) => {
      tap.swallow(telling === 'untold');
      if (telling === 'other_amount') await arm('notify', 'wrong_amount', outTradeNo);
      await say('/control/alipay/pay', { outTradeNo });
    },
    expire: () => say('/control/clock', { advanceMs: LIFE_MS + 1_000 }),
    payLate: async (outTradeNo) => {
      tap.swallow(false);
      await say('/control/alipay/pay', { outTradeNo, late: true });
    },
    lastNotice: () => eventually(tap.last, { what: 'a notification' }),
    refund: async (_, { paymentId, attemptId }) =>
      aRefundRequested({ paymentId, attemptId, amount: money(2_800n, 'CNY') }),
    refunds: ({ refundId }) => refundsOf(sandbox, refundId),
    loseNextRefundAnswer: async ({ attemptId }) => {
      tap.swallow(true);
      await arm('refund', 'drop_answer', attemptId);
    },
    endRefund: async () => undefined, // the answer to it was its end
    sealing: { secret: SECRET, foreign },
    tell,
    forgeries: alipayForgeries,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
