import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attemptId, merchantId, refundId } from '@hutong/domain-events';
import { money } from '@hutong/money';
import {
  answered,
  GatewayWorld,
  RecordedProvider,
  type GatewayStage,
  type Notice,
  type RecordedCall,
} from '@hutong/gateway/conformance';
import {
  anAttemptRequested,
  aRefundRequested,
  FixedClock,
  freePorts,
  WECHAT_QR,
} from '@hutong/testing';
import { aKeyPair, writeAccount } from './account-files.examples.js';
import { wechatForgeries } from './forgeries.examples.js';
import { post } from './notice-tap.examples.js';
import {
  recorded,
  recordedLater,
  recordedOrders,
  type RecordedOrder,
  type RecordedRefund,
} from './recorded.examples.js';
import { sealingIn } from './sealing-keys.examples.js';
import { startWechat } from './wechat.module.js';

/** The merchant of the later recordings, who has an account of his own. */
const SECOND = 'second';

/** The gateway against recorded answers, at the time when they were signed. */
export async function startRecordedStage(): Promise<GatewayStage> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'hutong-recorded-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const accountsDir = join(folder, 'accounts');
  await mkdir(accountsDir);
  const provider = opened.use(await RecordedProvider.start(answer));
  const [port = 0] = await freePorts(1);
  const gateway = `http://127.0.0.1:${port}/notifications`;
  const { privateKeyPem } = aKeyPair();
  const merchant = { privateKeyPem, certificateSerial: '0'.repeat(40) };
  await writeAccount(
    accountsDir,
    { ...recorded.portal, ...merchant },
    { notifyUrl: `${gateway}/taobao` },
  );
  const second = { ...recordedLater.portal, ...merchant };
  const notifyUrl = `${gateway}/${second.account}`;
  await writeAccount(accountsDir, second, { notifyUrl, merchants: [SECOND] });
  const { dir: sealingKeysDir, sealedPayer, ...sealing } = await sealingIn(folder);

  const clock = new FixedClock(recorded.at);
  const api = { baseUrl: provider.url, timeoutMs: 5_000 };
  const world = opened.use(
    await GatewayWorld.start(
      {
        provider: 'wechat',
        clock,
        port,
        start: (config, around) =>
          startWechat({ ...config, api, accountsDir, sealingKeysDir }, around),
      },
      'all',
    ),
  );
  const tell = (notice: Notice) => {
    const serial = notice.headers['wechatpay-serial'];
    const isSecond = serial === recordedLater.portal.publicKeyId;
    return post(`${gateway}/${isSecond ? second.account : recorded.portal.account}`, notice);
  };
  const closing = opened.move();
  return {
    world,
    clock,
    answers: { kept: 204, refused: 401 },
    staleAfterMs: 5 * 60_000 + 1_000,
    passTime: () => clock.advance(100),
    command: (scenario) => {
      const expiresAt = new Date(clock.now().getTime() + 15 * 60_000);
      const id = attemptId(recordedOrders[scenario].attemptId);
      return anAttemptRequested({
        attemptId: id,
        expiresAt,
        notAfter: expiresAt,
        ...(scenario in recordedLater.orders && { merchantId: merchantId(SECOND) }),
        ...(scenario === 'sealed' && {
          sealedPayer,
          method: { ...WECHAT_QR, presentation: 'mini_program' },
        }),
      });
    },
    orders: async (id) => new Set(provider.created(id)).size,
    loseNextAnswer: async (id) => provider.next(id, (response) => void response.destroy()),
    spoilNextAnswer: async (id) => {
      const { headers, body } = orderOf(id).create;
      const spoilt = { ...headers, 'wechatpay-nonce': 'another' };
      provider.next(id, (response) => void response.writeHead(200, spoilt).end(body));
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
      if (telling !== 'told') provider.move(id, 'SUCCESS');
      if (telling === 'told') await accepted(tell(notice));
      if (telling === 'other_amount') await accepted(tell(otherAmount ?? notice));
    },
    expire: async (id) => provider.move(id, 'CLOSED'),
    payLate: (id) => accepted(tell(orderOf(id).notice)),
    lastNotice: async (id) => (isRefund(id) ? refundOf(id) : orderOf(id)).notice,
    refund: async (scenario, { paymentId, attemptId: of }) => {
      const { refundId: id = '' } = recordedOrders[scenario].refund ?? {};
      const about = { paymentId, attemptId: of, refundId: refundId(id) };
      return aRefundRequested({ ...about, amount: money(2_800n, 'CNY') });
    },
    refunds: async ({ refundId: id }) => new Set(provider.created(id)).size,
    loseNextRefundAnswer: async ({ refundId: id }) => {
      provider.next(id, (response) => void response.destroy());
      provider.move(id, 'SUCCESS');
    },
    endRefund: async ({ refundId: id }, telling) => {
      const { notice, otherAmount } = refundOf(id);
      provider.move(id, 'SUCCESS');
      if (telling === 'told') await accepted(tell(notice));
      if (telling === 'other_amount') await accepted(tell(otherAmount ?? notice));
    },
    sealing,
    tell,
    forgeries: wechatForgeries,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** Answers what was recorded for an order, by the state that it is said to be in. */
function answer(call: RecordedCall, response: ServerResponse, provider: RecordedProvider): void {
  if (call.method === 'POST' && call.url.pathname.endsWith('/close')) {
    close(call, response, provider);
  } else if (call.method === 'POST') {
    create(call, response, provider);
  } else {
    query(call, response, provider);
  }
}

function create({ body }: RecordedCall, response: ServerResponse, provider: RecordedProvider) {
  const asked = JSON.parse(body) as Readonly<{ out_trade_no?: string; out_refund_no?: string }>;
  const id = asked.out_refund_no ?? asked.out_trade_no ?? '';
  const recording = isRefund(id) ? refundOf(id) : orderOf(id);
  provider.create(id, { body, answer: recording.create }, response);
}

function query({ url }: RecordedCall, response: ServerResponse, provider: RecordedProvider) {
  const id = /(?:out-trade-no|refunds)\/(\w+)$/.exec(url.pathname)?.[1] ?? '';
  const { query: said } = isRefund(id) ? refundOf(id) : orderOf(id);
  const told = said[provider.stateOf(id) ?? 'NOTPAY'] ?? said['NOTPAY'] ?? said['PROCESSING'];
  if (told === undefined || provider.created(id).length === 0) {
    const code = isRefund(id) ? 'RESOURCE_NOT_EXISTS' : 'ORDER_NOT_EXIST';
    response.writeHead(404).end(JSON.stringify({ code, message: '' }));
  } else {
    answered(response, told);
  }
}

function close({ url }: RecordedCall, response: ServerResponse, provider: RecordedProvider) {
  const id = /out-trade-no\/(\w+)\/close$/.exec(url.pathname)?.[1] ?? '';
  const { close: done } = orderOf(id);
  if (done === undefined || provider.stateOf(id) === 'SUCCESS') {
    response.writeHead(400).end('{"code":"ORDERPAID","message":""}');
  } else {
    response.writeHead(204, done.headers).end();
  }
}

function orderOf(id: string): RecordedOrder {
  const order = Object.values(recordedOrders).find((one) => one.attemptId === id);
  if (order === undefined) throw new Error('nothing was recorded for this order');
  return order;
}

const refundOf = (id: string): RecordedRefund => {
  const refund = Object.values(recordedOrders).find((one) => one.refund?.refundId === id)?.refund;
  if (refund === undefined) throw new Error('nothing was recorded for this refund');
  return refund;
};

const isRefund = (id: string): boolean =>
  Object.values(recordedOrders).some(({ refund }) => refund?.refundId === id);

async function accepted(telling: Promise<number>): Promise<void> {
  const status = await telling;
  if (status !== 204) throw new Error(`the notification was answered by ${status}`);
}
