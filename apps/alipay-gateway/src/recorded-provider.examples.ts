import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  recorded,
  type Recorded,
  type RecordedOrder,
  type RecordedRefund,
} from './recorded.examples.js';

/** Whoever keeps a connection must not find it closed, however long a busy spec leaves it idle. */
const STAYS_OPEN = { keepAliveTimeout: 0 };

type Answering = (response: ServerResponse) => void;
type Content = Readonly<{ out_trade_no?: string; out_request_no?: string }>;

/** Answers what was recorded for an order, by the state that it is said to be in. */
export class RecordedProvider implements AsyncDisposable {
  private readonly contents = new Map<string, string[]>();
  private readonly states = new Map<string, string>();
  private readonly once = new Map<string, Answering>();

  private constructor(
    private readonly server: Server,
    /** Alipay's gateway. */
    readonly url: URL,
  ) {}

  static async start(): Promise<RecordedProvider> {
    const server = createServer(STAYS_OPEN);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
    const url = new URL(`http://127.0.0.1:${address.port}/gateway.do`);
    const provider = new RecordedProvider(server, url);
    server.on('request', (request, response) => void provider.serve(request, response));
    return provider;
  }

  /** Every content that asked for this order or refund. */
  created(id: string): readonly string[] {
    return this.contents.get(id) ?? [];
  }

  /** The next create is answered so. */
  next(id: string, answering: Answering): void {
    this.once.set(id, answering);
  }

  /** A query answers this status from now on. */
  move(id: string, status: string): void {
    this.states.set(id, status);
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
    const { searchParams: query } = new URL(request.url ?? '', this.url);
    const body = new URLSearchParams(Buffer.concat(chunks).toString());
    const content = body.get('biz_content') ?? '';
    const { out_trade_no: id = '', out_request_no: refundId = '' } = JSON.parse(content) as Content;
    switch (query.get('method') ?? '') {
      case 'alipay.trade.precreate':
      case 'alipay.trade.pay':
        return this.create(id, { content, answer: orderOf(id).create }, response);
      case 'alipay.trade.refund': {
        const { create, again } = refundOf(refundId);
        const answer = this.created(refundId).length === 0 ? create : again;
        return this.create(refundId, { content, answer }, response);
      }
      case 'alipay.trade.query':
        return answered(response, this.tradeOf(id));
      case 'alipay.trade.close':
        return this.close(id, response);
      case 'alipay.trade.fastpay.refund.query': {
        const { query: told } = refundOf(refundId);
        const isThere = this.created(refundId).length > 0;
        return answered(response, isThere ? told.REFUND_SUCCESS : told.NONE);
      }
      default:
        response.writeHead(200).end('<html>');
    }
  }

  private create(
    id: string,
    { content, answer }: Readonly<{ content: string; answer: Recorded }>,
    response: ServerResponse,
  ): void {
    this.contents.set(id, [...this.created(id), content]);
    const special = this.once.get(id);
    this.once.delete(id);
    if (special === undefined) answered(response, answer);
    else special(response);
  }

  private close(id: string, response: ServerResponse): void {
    const { close, closeRefused, closeMissing } = orderOf(id);
    const status = this.states.get(id);
    if (status === undefined) answered(response, closeMissing);
    else answered(response, status === 'WAIT_BUYER_PAY' ? close : closeRefused);
  }

  /** Whoever was shown it has not opened it, until the play says so. */
  private tradeOf(id: string): Recorded {
    const { query } = orderOf(id);
    const told = query[this.states.get(id) ?? 'TRADE_NOT_EXIST'];
    if (told === undefined) throw new Error('nothing was recorded for this status');
    return told;
  }
}

export const answered = (response: ServerResponse, { headers, body }: Recorded): void =>
  void response.writeHead(200, headers).end(body);

export function orderOf(id: string): RecordedOrder {
  const order = Object.values(recorded.orders).find((one) => one.attemptId === id);
  if (order === undefined) throw new Error('nothing was recorded for this order');
  return order;
}

export function refundOf(id: string): RecordedRefund {
  const order = Object.values(recorded.orders).find((one) => one.refund?.refundId === id);
  if (order?.refund === undefined) throw new Error('nothing was recorded for this refund');
  return order.refund;
}
