import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { browse, Merchant, Payer, type Phone, type Shown } from '@hutong/world';
import type { ComposedSystem } from './composed-system.js';

const WITHIN_MS = 60_000;
const JSON_BODY = { 'content-type': 'application/json' } as const;

/** A shop, its payers and its receiver of webhooks: on this machine, outside of the composed system. */
export class ComposedShop implements AsyncDisposable {
  /** Types of the webhooks that came, by payment, in the order of their coming. */
  readonly told = new Map<string, string[]>();

  private constructor(
    private readonly merchant: Merchant,
    private readonly checkout: URL,
    private readonly sandbox: URL,
    private readonly reach: (address: string) => string,
    private readonly receiver: Server,
  ) {
    receiver.on('request', (request, response) => {
      this.hear(request).then(
        () => response.writeHead(204).end(),
        () => response.destroy(),
      );
    });
  }

  /** @throws Error if checkout does not take the shop's key, or its receiver. */
  static async open(system: ComposedSystem): Promise<ComposedShop> {
    const app = ['exec', '-T', 'checkout', 'node', 'dist/main.js'];
    const issued = system.compose(
      ...app,
      'keys',
      'issue',
      '--platform',
      'taobao',
      '--name',
      'shop',
    );
    const key = /\bhk_\S+/.exec(issued)?.[0] ?? '';
    const [checkout, sandbox] = [
      system.addressOf('checkout', 3000),
      system.addressOf('provider-sandbox', 3100),
    ];
    const receiver = createServer();
    receiver.listen(0); // on all addresses: containers come by another one than we do
    await once(receiver, 'listening');
    const reach = (address: string) => system.reached(address);
    const shop = new ComposedShop(new Merchant(checkout, key), checkout, sandbox, reach, receiver);
    await shop.registerReceiver(key);
    return shop;
  }

  /** Asks for ¥128.00 and chooses. @throws Error if the method is not offered, or shows nothing. */
  async choose(
    method: string,
    channel: 'web' | 'mini_program',
    payer?: object,
  ): Promise<Readonly<{ paymentId: string; shown: Shown }>> {
    const orderReference = `composed-${method}`;
    const { paymentId, offer } = await this.merchant.request({
      orderReference,
      minor: '12800',
      channel,
    });
    if (offer === undefined) throw new Error(`nothing is offered for ${orderReference}`);
    const { action, status } = await this.merchant.choose(paymentId, offer.number, method, payer);
    if (action === undefined) throw new Error(`${method} shows nothing, it is ${status}`);
    return { paymentId, shown: action };
  }

  /** A guest opens the link where checkout says that it is, and presses pay. */
  async press(link: URL): Promise<Shown> {
    const headers = { ...JSON_BODY, prefer: 'wait=20' };
    const path = `${link.pathname}/attempts`;
    const answer = await this.post(this.checkout, path, { presentation: 'qr' }, headers);
    return (answer as { action: Shown }).action;
  }

  /** What the payer's browser shows in the end that opens an address. */
  async page(address: string): Promise<string> {
    const end = await browse(address, this.reach);
    const page = await fetch(this.reach(end), { signal: AbortSignal.timeout(WITHIN_MS) });
    return page.text();
  }

  /** Somebody pays by what is shown. */
  pay(shown: Shown, phone: Phone = {}): Promise<void> {
    return new Payer(this.sandbox, { ...phone, reach: this.reach }).pay(shown);
  }

  async paid(paymentId: string): Promise<string> {
    return (await this.merchant.seeUntil(paymentId, 'paid', WITHIN_MS)).status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.receiver.closeAllConnections();
    this.receiver.close();
    await once(this.receiver, 'close');
  }

  private async registerReceiver(key: string): Promise<void> {
    const address = this.receiver.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
    const url = `http://host.docker.internal:${address.port}/hutong`;
    const headers = { ...JSON_BODY, authorization: `Bearer ${key}` };
    await this.post(this.checkout, '/webhook-endpoints', { url }, headers);
  }

  private async hear(request: IncomingMessage): Promise<void> {
    const body = JSON.parse(await text(request)) as { paymentId: string; type: string };
    this.told.set(body.paymentId, [...(this.told.get(body.paymentId) ?? []), body.type]);
  }

  private async post(
    base: URL,
    path: string,
    body: object,
    headers: Record<string, string> = JSON_BODY,
  ): Promise<unknown> {
    const answer = await fetch(new URL(path, base), {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(WITHIN_MS),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }
}
