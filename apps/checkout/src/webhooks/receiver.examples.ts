import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** One request that a receiver got. */
export type Got = Readonly<{
  path: string;
  headers: Readonly<Record<string, string>>;
  webhookId: string;
  body: string;
  paymentId: unknown;
  sequence: unknown;
  type: unknown;
}>;

type Answering = (got: Got, response: ServerResponse) => void | Promise<void>;

/** A platform's server: answers as it is told to, 204 if it is told nothing. */
export class Receiver implements AsyncDisposable {
  readonly got: Got[] = [];
  answering: Answering = (_, response) => void response.writeHead(204).end();

  private constructor(
    private readonly server: Server,
    readonly url: URL,
  ) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
    const receiver = new Receiver(server, new URL(`http://127.0.0.1:${address.port}/hooks`));
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      receiver.take(request, response).catch(() => response.destroy());
    });
    return receiver;
  }

  /** What of each request, in the order of their arrival. */
  each<K extends keyof Got>(key: K): Got[K][] {
    return this.got.map((got) => got[key]);
  }

  answerStatus(status: number): void {
    this.answering = (_, response) => void response.writeHead(status).end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    const parsed: unknown = JSON.parse(body);
    const of = (name: string): unknown =>
      typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, name) : undefined;
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const got: Got = {
      path: request.url ?? '',
      headers,
      webhookId: headers['webhook-id'] ?? '',
      body,
      paymentId: of('paymentId'),
      sequence: of('sequence'),
      type: of('type'),
    };
    this.got.push(got);
    await this.answering(got, response);
  }
}
