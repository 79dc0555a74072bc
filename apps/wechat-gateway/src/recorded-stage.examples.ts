import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attemptId, merchantId, refundId } from '@hutong/domain-events';
import { money } from '@hutong/money';
import { GatewayWorld, type GatewayStage, type Notice } from '@hutong/gateway/conformance';
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
  type Recorded,
  type RecordedOrder,
  type RecordedRefund,
} from './recorded.examples.js';
import { sealingIn } from './sealing-keys.examples.js';
import { startWechat } from './wechat.module.js';

/** Whoever keeps a connection must not find it closed, however long a busy spec leaves it idle. */
const STAYS_OPEN = { keepAliveTimeout: 0 };

/** The merchant of the later recordings, who has an account of his own. */
const SECOND = 'second';

/** The gateway against recorded answers, at the time when they were signed. */
export async function startRecordedStage(): Promise<GatewayStage> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'hutong-recorded-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const accountsDir = join(folder, 'accounts');
  await mkdir(accountsDir);
  const provider = opened.use(await RecordedProvider.start());
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
        void released.promise.then(() => answer(response, orderOf(id).create));
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

type Answering = (response: ServerResponse) => void;

/** Answers what was recorded for an order, by the state that it is said to be in. */
class RecordedProvider implements AsyncDisposable {
  private readonly bodies = new Map<string, string[]>();
  private readonly states = new Map<string, string>();
  private readonly once = new Map<string, Answering>();

  private constructor(
    private readonly server: Server,
    readonly url: URL,
  ) {}

  static async start(): Promise<RecordedProvider> {
    const server = createServer(STAYS_OPEN);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
    const provider = new RecordedProvider(server, new URL(`http://127.0.0.1:${address.port}`));
    server.on('request', (request, response) => void provider.serve(request, response));
    return provider;
  }

  /** Every body that asked for this order. */
  created(id: string): readonly string[] {
    return this.bodies.get(id) ?? [];
  }

  /** The next create is answered so. */
  next(id: string, answering: Answering): void {
    this.once.set(id, answering);
  }

  /** A query answers this state, if there is a recording of it. */
  move(id: string, state: string): void {
    this.states.set(id, state);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
    const url = request.url ?? '';
    const body = Buffer.concat(chunks).toString();
    if (request.method === 'POST' && url.endsWith('/close')) this.close(url, response);
    else if (request.method === 'POST') this.create(body, response);
    else this.query(url, response);
  }

  private create(body: string, response: ServerResponse): void {
    const asked = JSON.parse(body) as Readonly<{ out_trade_no?: string; out_refund_no?: string }>;
    const id = asked.out_refund_no ?? asked.out_trade_no ?? '';
    this.bodies.set(id, [...this.created(id), body]);
    const special = this.once.get(id);
    this.once.delete(id);
    const recording = isRefund(id) ? refundOf(id) : orderOf(id);
    if (special === undefined) answer(response, recording.create);
    else special(response);
  }

  private query(url: string, response: ServerResponse): void {
    const id = /(?:out-trade-no|refunds)\/(\w+)(?:\?mchid=\d+)?$/.exec(url)?.[1] ?? '';
    const { query } = isRefund(id) ? refundOf(id) : orderOf(id);
    const told = query[this.states.get(id) ?? 'NOTPAY'] ?? query['NOTPAY'] ?? query['PROCESSING'];
    if (told === undefined || this.created(id).length === 0) {
      const code = isRefund(id) ? 'RESOURCE_NOT_EXISTS' : 'ORDER_NOT_EXIST';
      response.writeHead(404).end(JSON.stringify({ code, message: '' }));
    } else {
      answer(response, told);
    }
  }

  private close(url: string, response: ServerResponse): void {
    const id = /out-trade-no\/(\w+)\/close$/.exec(url)?.[1] ?? '';
    const { close } = orderOf(id);
    if (close === undefined || this.states.get(id) === 'SUCCESS') {
      response.writeHead(400).end('{"code":"ORDERPAID","message":""}');
    } else {
      response.writeHead(204, close.headers).end();
    }
  }
}

const answer = (response: ServerResponse, { headers, body }: Recorded): void =>
  void response.writeHead(200, headers).end(body);

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
