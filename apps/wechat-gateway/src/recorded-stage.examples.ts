import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attemptId } from '@hutong/domain-events';
import { GatewayWorld, type GatewayStage, type Notice } from '@hutong/gateway/conformance';
import { anAttemptRequested, FixedClock, freePorts } from '@hutong/testing';
import { aKeyPair, writeAccount } from './account-files.examples.js';
import { wechatForgeries } from './forgeries.examples.js';
import { post } from './notice-tap.examples.js';
import { recorded, type Recorded, type RecordedOrder } from './recorded.examples.js';
import { startWechat } from './wechat.module.js';

/** The gateway against recorded answers, at the time when they were signed. */
export async function startRecordedStage(): Promise<GatewayStage> {
  await using opened = new AsyncDisposableStack();
  const accountsDir = await mkdtemp(join(tmpdir(), 'hutong-recorded-'));
  opened.defer(() => rm(accountsDir, { recursive: true }));
  const provider = opened.use(await RecordedProvider.start());
  const [port = 0] = await freePorts(1);
  const gatewayUrl = `http://127.0.0.1:${port}/notifications/taobao`;
  const { privateKeyPem } = aKeyPair();
  const portal = { ...recorded.portal, privateKeyPem, certificateSerial: '0'.repeat(40) };
  await writeAccount(accountsDir, portal, { notifyUrl: gatewayUrl });

  const clock = new FixedClock(recorded.at);
  const api = { baseUrl: provider.url, timeoutMs: 5_000 };
  const world = opened.use(
    await GatewayWorld.start(
      {
        provider: 'wechat',
        clock,
        port,
        start: (config, around) => startWechat({ ...config, api, accountsDir }, around),
      },
      'all',
    ),
  );
  const tell = (notice: Notice) => post(gatewayUrl, notice);
  const closing = opened.move();
  return {
    world,
    clock,
    answers: { kept: 204, refused: 401 },
    staleAfterMs: 5 * 60_000 + 1_000,
    passTime: () => clock.advance(100),
    command: (scenario) => {
      const expiresAt = new Date(clock.now().getTime() + 15 * 60_000);
      const id = attemptId(recorded.orders[scenario].attemptId);
      return anAttemptRequested({ attemptId: id, expiresAt, notAfter: expiresAt });
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
    lastNotice: async (id) => orderOf(id).notice,
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
    const server = createServer();
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
    if (request.method === 'POST') this.create(Buffer.concat(chunks).toString(), response);
    else this.query(request.url ?? '', response);
  }

  private create(body: string, response: ServerResponse): void {
    const order = JSON.parse(body) as Readonly<{ out_trade_no: string }>;
    const id = order.out_trade_no;
    this.bodies.set(id, [...this.created(id), body]);
    const special = this.once.get(id);
    this.once.delete(id);
    if (special === undefined) answer(response, orderOf(id).create);
    else special(response);
  }

  private query(url: string, response: ServerResponse): void {
    const id = /out-trade-no\/(\w+)\?mchid=/.exec(url)?.[1] ?? '';
    const { query } = orderOf(id);
    const told = query[this.states.get(id) ?? 'NOTPAY'] ?? query['NOTPAY'];
    if (told === undefined || this.created(id).length === 0) {
      response.writeHead(404).end('{"code":"ORDER_NOT_EXIST","message":""}');
    } else {
      answer(response, told);
    }
  }
}

const answer = (response: ServerResponse, { headers, body }: Recorded): void =>
  void response.writeHead(200, headers).end(body);

function orderOf(id: string): RecordedOrder {
  const order = Object.values(recorded.orders).find((one) => one.attemptId === id);
  if (order === undefined) throw new Error('nothing was recorded for this order');
  return order;
}

async function accepted(telling: Promise<number>): Promise<void> {
  const status = await telling;
  if (status !== 204) throw new Error(`the notification was answered by ${status}`);
}
