import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { call, type Ring } from '@hutong/world';

const REGISTERED_WITHIN_MS = 30_000;

/** A webhook as it came. */
export type Heard = Readonly<{ webhookId: string; paymentId: string; sequence: number }>;

/** A platform's server, which hears what becomes of its payments. Lets some wait for their answer. */
export class WebhookReceiver implements AsyncDisposable {
  readonly heard: Heard[] = [];
  private readonly held = new Map<string, ServerResponse | undefined>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<WebhookReceiver> {
    const server = createServer();
    const receiver = new WebhookReceiver(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      receiver.take(request, response).catch(() => response.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  /** The webhooks of a ring's platform come here from now on. */
  async register({ addressesOf, apiKey }: Pick<Ring, 'addressesOf' | 'apiKey'>): Promise<void> {
    const [checkout] = addressesOf('checkout');
    if (checkout === undefined) throw new Error('no checkout runs');
    const address = this.server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await call(checkout, {
      method: 'POST',
      path: '/webhook-endpoints',
      headers: { authorization: `Bearer ${apiKey}`, 'idempotency-key': randomUUID() },
      body: { url: `http://127.0.0.1:${port}/hooks` },
      withinMs: REGISTERED_WITHIN_MS,
    });
  }

  /** Webhooks of this payment are heard, and not answered until `answer`. */
  hold(paymentId: string): void {
    this.held.set(paymentId, undefined);
  }

  /** Whether its sender waits for an answer now. */
  isAwaited(paymentId: string): boolean {
    const response = this.held.get(paymentId);
    return response !== undefined && !response.closed;
  }

  /** Answers who waits, and from now on everybody at once. */
  answer(paymentId: string): void {
    this.held.get(paymentId)?.writeHead(204).end();
    this.held.delete(paymentId);
  }

  of(paymentId: string): Heard[] {
    return this.heard.filter((one) => one.paymentId === paymentId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
    const { paymentId, sequence } = toldIn(text);
    this.heard.push({ webhookId: String(request.headers['webhook-id']), paymentId, sequence });
    if (this.held.has(paymentId)) this.held.set(paymentId, response);
    else response.writeHead(204).end();
  }
}

/** @throws Error if it is no webhook of a payment. */
function toldIn(text: string): Readonly<{ paymentId: string; sequence: number }> {
  const told: unknown = JSON.parse(text);
  if (typeof told !== 'object' || told === null) throw new Error('not an object');
  const paymentId: unknown = Reflect.get(told, 'paymentId');
  const sequence: unknown = Reflect.get(told, 'sequence');
  if (typeof paymentId !== 'string' || typeof sequence !== 'number') throw new Error('no webhook');
  return { paymentId, sequence };
}
