import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attemptId, refundId } from '@hutong/domain-events';
import { money } from '@hutong/money';
import {
  answered,
  GatewayWorld,
  type GatewayStage,
  type Notice,
  type Scenario,
} from '@hutong/gateway/conformance';
import {
  ALIPAY_REDIRECT,
  anAttemptRequested,
  aRefundRequested,
  FixedClock,
  freePorts,
} from '@hutong/testing';
import { aKeyPair, writeAccount } from './account-files.examples.js';
import { startAlipay } from './alipay.module.js';
import { alipayForgeries } from './forgeries.examples.js';
import { post } from './notice-tap.examples.js';
import { orderOf, refundOf, startRecordedAlipay } from './recorded-provider.examples.js';
import { recorded } from './recorded.examples.js';
import { CODE, sealingIn } from './sealing-keys.examples.js';

/** The gateway against recorded answers, at the time when they were signed. */
export async function startRecordedStage(): Promise<GatewayStage> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'hutong-recorded-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const accountsDir = join(folder, 'accounts');
  await mkdir(accountsDir);
  const provider = opened.use(await startRecordedAlipay());
  const [port = 0] = await freePorts(1);
  const { account } = recorded.portal;
  const notifyUrl = `http://127.0.0.1:${port}/notifications/${account}`;
  const { privateKeyPem: appPrivateKeyPem } = aKeyPair();
  await writeAccount(accountsDir, { ...recorded.portal, appPrivateKeyPem }, { notifyUrl });
  const { dir: sealingKeysDir, seal, foreign } = await sealingIn(folder);
  const sealedPayer = await seal(CODE);

  const clock = new FixedClock(recorded.at);
  const gateway = new URL('/gateway.do', provider.url);
  const api = { gateway, cashier: gateway, timeoutMs: 5_000 };
  const world = opened.use(
    await GatewayWorld.start(
      {
        provider: 'alipay',
        clock,
        port,
        start: (config, around) =>
          startAlipay({ ...config, api, accountsDir, sealingKeysDir }, around),
      },
      'all',
    ),
  );
  const tell = (notice: Notice) => post(notifyUrl, notice);
  const command = (scenario: Scenario | 'code') => {
    const expiresAt = new Date(clock.now().getTime() + 15 * 60_000);
    const byCode = scenario === 'sealed' || scenario === 'code';
    const presentation = byCode ? 'barcode' : 'qr';
    return anAttemptRequested({
      attemptId: attemptId(recorded.orders[scenario].attemptId),
      expiresAt,
      notAfter: expiresAt,
      method: { ...ALIPAY_REDIRECT, presentation },
      ...(byCode && { sealedPayer, channel: 'in_store' }),
    });
  };
  const closing = opened.move();
  return {
    world,
    clock,
    answers: { kept: 200, refused: 401 },
    // It stands still, and a question about a refund waits for ten seconds of it: twenty looks.
    passTime: () => clock.advance(500),
    command,
    codeCommand: () => command('code'),
    open: async (id) => provider.move(id, 'WAIT_BUYER_PAY'),
    orders: async (id) => new Set(provider.created(id)).size,
    loseNextAnswer: async (id) => provider.next(id, (response) => void response.destroy()),
    spoilNextAnswer: async (id) => {
      const { headers, body } = orderOf(id).create;
      const spoilt = { headers, body: body.replace('Success', 'success') };
      provider.next(id, (response) => answered(response, spoilt));
    },
    holdNextAnswer: async (id) => {
      const released = Promise.withResolvers<void>();
      provider.next(id, (response) => {
        void released.promise.then(() => answered(response, orderOf(id).create));
      });
      return released.resolve;
    },
    pay: async (id, telling) => {
      const { notice, otherAmount } = orderOf(id);
      // A payment of which nobody tells is found by asking; one that is told is not asked for.
      if (telling !== 'told') provider.move(id, 'TRADE_SUCCESS');
      if (telling === 'told') await accepted(tell(notice));
      if (telling === 'other_amount') await accepted(tell(otherAmount ?? notice));
    },
    expire: async (id) => provider.move(id, 'TRADE_CLOSED'),
    payLate: (id) => accepted(tell(orderOf(id).notice)),
    lastNotice: async (id) => orderOf(id).notice,
    refund: async (scenario, { paymentId, attemptId: of }) => {
      const { refundId: id = '' } = recorded.orders[scenario].refund ?? {};
      const about = { paymentId, attemptId: of, refundId: refundId(id) };
      return aRefundRequested({ ...about, amount: money(2_800n, 'CNY') });
    },
    refunds: async ({ refundId: id }) => new Set(provider.created(id)).size,
    loseNextRefundAnswer: async ({ refundId: id }) => {
      provider.next(id, (response) => void response.destroy());
    },
    endRefund: ({ refundId: id }) => accepted(tell(refundOf(id).notice)),
    sealing: { secret: CODE, foreign },
    tell,
    forgeries: alipayForgeries,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

async function accepted(telling: Promise<number>): Promise<void> {
  const status = await telling;
  if (status !== 200) throw new Error(`the notification was answered by ${status}`);
}
