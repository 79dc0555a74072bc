import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { recorded, type Recorded } from './recorded.examples.js';

/** Whoever keeps a connection must not find it closed, however long a busy spec leaves it idle. */
const STAYS_OPEN = { keepAliveTimeout: 0 };

type Answering = (response: ServerResponse) => void;

/** Answers what was recorded for an order or a refund, by the state that it is said to be in. */
export class RecordedProvider implements AsyncDisposable {
  private readonly asked = new Map<string, string[]>();
  private readonly states = new Map<string, string>();
  private readonly once = new Map<string, Answering>();

  private constructor(
    private readonly server: Server,
    readonly baseUrl: URL,
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

  /** Every form that asked for this order or refund. */
  created(id: string): readonly string[] {
    return this.asked.get(id) ?? [];
  }

  /** The next create is answered so. */
  next(id: string, answering: Answering): void {
    this.once.set(id, answering);
  }

  /** A query answers this from now on. */
  move(id: string, code: string): void {
    this.states.set(id, code);
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
    const body = Buffer.concat(chunks).toString();
    const form = new URLSearchParams(body);
    const id = form.get('orderId') ?? '';
    const { create, again, query } = callsOf(id);
    if (form.get('txnType') === '00') {
      const told = query[this.states.get(id) ?? (this.isKnown(id) ? '05' : '34')] ?? query['34'];
      answered(response, told ?? again);
      return;
    }
    const special = this.once.get(id);
    this.once.delete(id);
    const answer = this.isKnown(id) ? again : create;
    this.asked.set(id, [...this.created(id), body]);
    if (special === undefined) answered(response, answer);
    else special(response);
  }

  private isKnown(id: string): boolean {
    return this.created(id).length > 0;
  }
}

export const answered = (response: ServerResponse, { headers, body }: Recorded): void =>
  void response.writeHead(200, headers).end(body);

const all = Object.values(recorded.orders).flatMap(({ attemptId, refund, ...calls }) => [
  { id: attemptId, ...calls },
  ...(refund === undefined ? [] : [{ id: refund.refundId, ...refund }]),
]);

/** By the number of an order or a refund. */
export function callsOf(id: string) {
  const calls = all.find((one) => one.id === id);
  if (calls === undefined) throw new Error('nothing was recorded under this number');
  return calls;
}
