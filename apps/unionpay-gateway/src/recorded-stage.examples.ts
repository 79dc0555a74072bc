import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attemptId, refundId } from '@hutong/domain-events';
import {
  answered,
  GatewayWorld,
  type GatewayStage,
  type Notice,
  type Scenario,
} from '@hutong/gateway/conformance';
import { money } from '@hutong/money';
import {
  anAttemptRequested,
  aRefundRequested,
  FixedClock,
  freePorts,
  QUICKPASS_APP,
} from '@hutong/testing';
import { writeAccount } from './account-files.examples.js';
import { unionpayForgeries } from './forgeries.examples.js';
import { post } from './notice-tap.examples.js';
import { callsOf, startRecordedUnionpay } from './recorded-provider.examples.js';
import { recorded, thePortal } from './recorded.examples.js';
import { CODE, sealingIn } from './sealing-keys.examples.js';
import { startUnionpay } from './unionpay.module.js';

const LIFE_MS = 15 * 60_000;

/**
 * The gateway against recorded answers. The time at which something was asked for is a part of its name, so
 * that the clock stands still until that has been sent.
 */
export async function startRecordedStage(): Promise<GatewayStage> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'hutong-recorded-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const accountsDir = join(folder, 'accounts');
  await mkdir(accountsDir);
  const provider = opened.use(await startRecordedUnionpay());
  const [port = 0] = await freePorts(1);
  const { account } = recorded.portal;
  const notifyUrl = `http://127.0.0.1:${port}/notifications/${account}`;
  await writeAccount(accountsDir, thePortal, { notifyUrl });
  const { dir: sealingKeysDir, seal, foreign } = await sealingIn(folder);
  const sealedPayer = await seal(CODE);

  const clock = new FixedClock(recorded.at);
  const publicUrl = new URL(`http://127.0.0.1:${port}/`);
  const baseUrl = provider.url;
  const api = {
    baseUrl,
    cashierUrl: baseUrl,
    publicUrl,
    appMode: '00',
    pageLifeMs: 3_600_000,
    timeoutMs: 5_000,
  } as const;
  const world = opened.use(
    await GatewayWorld.start(
      {
        provider: 'unionpay',
        clock,
        port,
        start: (config, around) =>
          startUnionpay({ ...config, api, accountsDir, sealingKeysDir }, around),
      },
      'all',
    ),
  );
  let awaited = '';
  const from = (time: string, id: string) => {
    clock.set(time);
    awaited = id;
  };
  const tell = (notice: Notice) => post(notifyUrl, notice);
  const command = (scenario: Scenario | 'code') => {
    const { attemptId: id } = recorded.orders[scenario];
    from(recorded.at, id);
    const expiresAt = new Date(clock.now().getTime() + LIFE_MS);
    const byCode = scenario === 'sealed' || scenario === 'code';
    return anAttemptRequested({
      attemptId: attemptId(id),
      expiresAt,
      notAfter: expiresAt,
      method: { ...QUICKPASS_APP, presentation: byCode ? 'barcode' : 'qr' },
      ...(byCode && { sealedPayer, channel: 'in_store' }),
    });
  };
  const closing = opened.move();
  return {
    world,
    clock,
    answers: { kept: 200, refused: 401 },
    passTime: () => {
      if (provider.created(awaited).length > 0) clock.advance(500);
    },
    command,
    codeCommand: () => command('code'),
    orders: async (id) => new Set(provider.created(id)).size,
    loseNextAnswer: async (id) => provider.next(id, (response) => void response.destroy()),
    spoilNextAnswer: async (id) => {
      const { headers, body } = callsOf(id).create;
      const spoilt = { headers, body: body.replace('[0000000]', '[0000001]') };
      provider.next(id, (response) => answered(response, spoilt));
    },
    holdNextAnswer: async (id) => {
      const released = Promise.withResolvers<void>();
      provider.next(id, (response) => {
        void released.promise.then(() => answered(response, callsOf(id).create));
      });
      return released.resolve;
    },
    pay: async (id, telling) => {
      const { notice, otherAmount } = callsOf(id);
      // A payment of which nobody tells is found by asking; one that is told is not asked for.
      if (telling !== 'told') provider.move(id, '00');
      if (telling === 'told') await accepted(tell(notice));
      if (telling === 'other_amount') await accepted(tell(otherAmount ?? notice));
    },
    expire: async () => clock.advance(LIFE_MS + 1_000),
    payLate: async (id) => provider.move(id, '42'),
    lastNotice: async (id) => callsOf(id).notice,
    refund: async (scenario, { paymentId, attemptId: of }) => {
      const { refundId: id = '' } = recorded.orders[scenario].refund ?? {};
      from(recorded.refundAt, id);
      const about = { paymentId, attemptId: of, refundId: refundId(id) };
      return aRefundRequested({ ...about, amount: money(2_800n, 'CNY') });
    },
    refunds: async ({ refundId: id }) => new Set(provider.created(id)).size,
    loseNextRefundAnswer: async ({ refundId: id }) => {
      provider.next(id, (response) => void response.destroy());
      provider.move(id, '00');
    },
    endRefund: async ({ refundId: id }, telling) => {
      const { notice, otherAmount } = callsOf(id);
      if (telling !== 'told') provider.move(id, '00');
      await accepted(tell(telling === 'other_amount' ? (otherAmount ?? notice) : notice));
    },
    sealing: { secret: CODE, foreign },
    tell,
    forgeries: unionpayForgeries,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

async function accepted(telling: Promise<number>): Promise<void> {
  const status = await telling;
  if (status !== 200) throw new Error(`the notification was answered by ${status}`);
}
