import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

/** What stands before several instances of a service: each request goes to the next of them. */
export class Balancer implements AsyncDisposable {
  private targets: readonly URL[] = [];
  private turn = 0;
  private readonly server = createServer((asked, answer) => void this.pass(asked, answer));

  private constructor() {}

  static async listen(): Promise<Balancer> {
    const balancer = new Balancer();
    balancer.server.listen(0, '127.0.0.1');
    await once(balancer.server, 'listening');
    return balancer;
  }

  get url(): URL {
    const address = this.server.address();
    return new URL(`http://127.0.0.1:${isAddress(address) ? address.port : 0}`);
  }

  /** From the next request on. */
  to(targets: readonly URL[]): void {
    this.targets = targets;
  }

  /** Whoever asked is told 502 if the instance cannot be reached. */
  private async pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    this.turn += 1;
    const target = this.targets[this.turn % Math.max(1, this.targets.length)];
    const { method, url: path, headers } = asked;
    const on = request({ host: target?.hostname, port: target?.port, method, path, headers });
    on.on('response', (said) => {
      answer.writeHead(said.statusCode ?? 502, said.headers);
      pipeline(said, answer).catch(() => answer.destroy());
    });
    on.on('error', () => {
      if (answer.headersSent) answer.destroy();
      else answer.writeHead(502).end();
    });
    await pipeline(asked, on).catch(() => undefined); // said by `error` above
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}

const isAddress = (address: AddressInfo | string | null): address is AddressInfo =>
  typeof address === 'object' && address !== null;
