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
  QUICKPASS_APP,
} from '@hutong/testing';
import { Reaper } from '@hutong/world';
import { writeAccount } from './account-files.examples.js';
import { unionpayForgeries } from './forgeries.examples.js';
import { post, startTap } from './notice-tap.examples.js';
import { refundsOf, startSandbox } from './sandbox-process.examples.js';
import { sealingIn } from './sealing-keys.examples.js';
import { startUnionpay } from './unionpay.module.js';

const LIFE_MS = 3 * 60_000;
const HELD_MS = 2_000;
/** Of two payers' codes, which differ behind it. They are Alipay's, whose life UnionPay does not know. */
const SECRET = '281234567890123456';
/** So slowly does the sandbox's payer answer what a till has asked: the suite does it instead. */
const SLOW = 0.01;

/** The gateway against the sandbox: a process that checks our signatures and signs its own. */
export async function startSandboxStage(): Promise<GatewayStage> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'hutong-unionpay-'));
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
  await sandbox.say('/control/unionpay/interoperability', { account, takesAlipay: true });
  await sandbox.say('/control/clock', { scale: SLOW });
  const clock = new ShiftedClock();
  const publicUrl = new URL(`http://127.0.0.1:${gatewayPort}/`);
  const api = {
    baseUrl: sandbox.url,
    cashierUrl: sandbox.url,
    publicUrl,
    appMode: '00',
    pageLifeMs: 3_600_000,
    timeoutMs: 2 * HELD_MS,
  } as const;
  const world = opened.use(
    await GatewayWorld.start(
      {
        provider: 'unionpay',
        clock,
        port: gatewayPort,
        start: (config, around) =>
          startUnionpay({ ...config, api, accountsDir, sealingKeysDir }, around),
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
    const end = new Date(clock.now().getTime() + LIFE_MS);
    const byCode = sealedPayer !== undefined;
    return anAttemptRequested({
      expiresAt: end,
      notAfter: end,
      method: { ...QUICKPASS_APP, presentation: byCode ? 'barcode' : 'qr' },
      ...(byCode && { sealedPayer, channel: 'in_store' }),
    });
  };
  const closing = opened.move();
  return {
    world,
    clock,
    answers: { kept: 200, refused: 401 },
    // Twenty times as fast while the suite waits: an order is over only a minute behind its payTimeout.
    passTime: () => clock.advance(500),
    command: (scenario) => command(scenario === 'sealed' ? sealedOne : undefined),
    codeCommand: () => command(sealedOther),
    orders: (id) => sandbox.orders(id),
    loseNextAnswer: (id) => arm('create', 'drop_answer', id),
    spoilNextAnswer: (id) => arm('create', 'bad_signature', id),
    holdNextAnswer: async (id) => {
      const held = { fault: 'delay_answer', delayMs: HELD_MS };
      await sandbox.arm({ call: 'create', outTradeNo: id, ...held });
      return () => undefined; // it comes by itself
    },
    pay: async (orderId, telling) => {
      tap.swallow(telling === 'untold');
      if (telling === 'other_amount') await arm('notify', 'wrong_amount', orderId);
      await say('/control/unionpay/pay', { orderId });
    },
    expire: async () => {
      // The order lives until the gateway's time says that it is over, which is ahead of the sandbox's.
      await say('/control/clock', { advanceMs: clock.shiftMs + LIFE_MS + 1_000 });
      clock.advance(LIFE_MS + 1_000);
    },
    payLate: (orderId) => say('/control/unionpay/pay', { orderId, late: true }),
    lastNotice: () => eventually(tap.last, { what: 'a notification' }),
    refund: async (scenario, { paymentId, attemptId }) => {
      await say('/control/clock', { scale: SLOW });
      // At most one fault strikes a call: the one whose answer is lost ends by itself.
      if (scenario !== 'refund_lost') await sandbox.arm({ call: 'refund', fault: 'never_ends' });
      return aRefundRequested({ paymentId, attemptId, amount: money(2_800n, 'CNY') });
    },
    refunds: ({ refundId }) => refundsOf(sandbox, refundId),
    loseNextRefundAnswer: async ({ refundId }) => {
      tap.swallow(true);
      await say('/control/clock', { scale: 1_000 }); // it settles before it is asked for
      await arm('refund', 'drop_answer', refundId);
    },
    endRefund: async ({ refundId: orderId }, telling) => {
      tap.swallow(telling === 'untold');
      if (telling === 'other_amount') await arm('notify_refund', 'wrong_amount', orderId);
      await say('/control/unionpay/refunds', { orderId, code: '00' });
    },
    sealing: { secret: SECRET, foreign },
    tell,
    forgeries: unionpayForgeries,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
