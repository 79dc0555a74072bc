import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';

const LOOPBACK_PEER = /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/;

/**
 * A CONNECT proxy that leads nowhere but here: a client that fixes its provider's host name is
 * answered by the sandbox in that name. Any other name is refused, so nothing leaves this machine.
 */
export class RedirectingProxy {
  private readonly tunnels = new Set<Socket>();
  readonly server: Server;

  /** @param targets TLS servers by the host name that they stand for. */
  constructor(private readonly targets: ReadonlyMap<string, Server>) {
    this.server = createServer((_, response) => {
      response.writeHead(405, { Allow: 'CONNECT', 'Content-Length': 0 }).end();
    });
    this.server.on('connect', ({ url = '' }, socket: Socket, head: Buffer) => {
      this.connect(url, socket, head);
    });
  }

  /** Nobody comes in any more, and whoever is inside is cut off. */
  async stop(): Promise<void> {
    for (const tunnel of this.tunnels) tunnel.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private connect(authority: string, socket: Socket, head: Buffer): void {
    socket.on('error', () => socket.destroy()); // a client that goes away is its own business
    const target = this.targets.get(authority);
    if (target === undefined || !LOOPBACK_PEER.test(socket.remoteAddress ?? '')) {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    this.tunnels.add(socket);
    socket.once('close', () => this.tunnels.delete(socket));
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    target.emit('connection', socket);
  }
}
