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
  anAttemptRequested,
  aRefundRequested,
  eventually,
  freePorts,
  WECHAT_QR,
} from '@hutong/testing';
import { Reaper } from '@hutong/world';
import { writeAccount } from './account-files.examples.js';
import { wechatForgeries } from './forgeries.examples.js';
import { post, startTap } from './notice-tap.examples.js';
import { refundsOf, startSandbox } from './sandbox-process.examples.js';
import { sealingIn } from './sealing-keys.examples.js';
import { startWechat } from './wechat.module.js';

const LIFE_MS = 15 * 60_000;
const HELD_MS = 2_000;

/** The gateway against the sandbox: a process that checks our signatures and signs its own. */
export async function startSandboxStage(): Promise<GatewayStage> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'hutong-wechat-'));
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

  const { dir: sealingKeysDir, sealedPayer, ...sealing } = await sealingIn(folder);
  const clock = new ShiftedClock();
  const api = { baseUrl: sandbox.url, timeoutMs: 2 * HELD_MS };
  const world = opened.use(
    await GatewayWorld.start(
      {
        provider: 'wechat',
        clock,
        port: gatewayPort,
        start: (config, around) =>
          startWechat({ ...config, api, accountsDir, sealingKeysDir }, around),
      },
      'all',
    ),
  );
  const say = async (path: string, body: object) => {
    await sandbox.say(path, body);
  };
  const arm = (call: string, fault: string, outTradeNo: string) =>
    sandbox.arm({ call, fault, outTradeNo });
  const closing = opened.move();
  return {
    world,
    clock,
    answers: { kept: 204, refused: 401 },
    staleAfterMs: 5 * 60_000 + 1_000,
    // A few times as fast while the suite waits: seconds in all, of the minutes that a signature allows.
    passTime: () => clock.advance(100),
    command: (scenario) => {
      const end = new Date(Date.now() + LIFE_MS);
      return anAttemptRequested({
        expiresAt: end,
        notAfter: end,
        ...(scenario === 'sealed' && {
          sealedPayer,
          method: { ...WECHAT_QR, presentation: 'mini_program' },
        }),
      });
    },
    orders: (id) => sandbox.orders(id),
    loseNextAnswer: (id) => arm('create', 'drop_answer', id),
    spoilNextAnswer: (id) => arm('create', 'bad_signature', id),
    holdNextAnswer: async (id) => {
      const held = { fault: 'delay_answer', delayMs: HELD_MS };
      await sandbox.arm({ call: 'create', outTradeNo: id, ...held });
      return () => undefined; // it comes by itself
    },
    pay: async (outTradeNo, telling) => {
      tap.swallow(telling === 'untold');
      if (telling === 'other_amount') await arm('notify', 'wrong_amount', outTradeNo);
      await say('/control/wechat/pay', { outTradeNo });
    },
    expire: () => say('/control/clock', { advanceMs: LIFE_MS + 1_000 }),
    payLate: async (outTradeNo) => {
      tap.swallow(false);
      await say('/control/wechat/pay', { outTradeNo, late: true });
    },
    lastNotice: () => eventually(tap.last, { what: 'a notification' }),
    refund: async (scenario, { paymentId, attemptId }) => {
      // At most one fault strikes a call: the one whose answer is lost ends by itself.
      if (scenario !== 'refund_lost') await sandbox.arm({ call: 'refund', fault: 'never_ends' });
      return aRefundRequested({ paymentId, attemptId, amount: money(2_800n, 'CNY') });
    },
    refunds: (refund) =>
      refundsOf(sandbox, {
        outTradeNo: refund.attemptId,
        outRefundNo: refund.refundId,
      }),
    loseNextRefundAnswer: async () => {
      tap.swallow(true);
      await say('/control/clock', { scale: 1_000 }); // it settles before it is asked for
      await sandbox.arm({ call: 'refund', fault: 'drop_answer' });
    },
    endRefund: async ({ refundId: outRefundNo, attemptId }, telling) => {
      tap.swallow(telling === 'untold');
      if (telling === 'other_amount') await arm('notify_refund', 'wrong_amount', attemptId);
      await say('/control/wechat/refunds', { outRefundNo, status: 'SUCCESS' });
    },
    sealing,
    tell,
    forgeries: wechatForgeries,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
