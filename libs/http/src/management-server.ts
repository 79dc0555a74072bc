import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Metrics } from '@hutong/telemetry';
import { sendProblem } from './broken-requests.js';
import { limitServer } from './http-limits.js';
import { isUnambiguous } from './said-once.js';

/** One thing that has to be true. Throwing or taking too long means that it is not. */
export type Check = Readonly<{ name: string; look: () => boolean | Promise<boolean> }>;

export type ManagementOptions = Readonly<{
  host: string;
  /** 0 takes a free one; `port` tells which. */
  port: number;
  /** False: only a restart helps. Never a dependency, or its outage would restart everything. */
  live: readonly Check[];
  /** False: send no requests here for now. */
  ready: readonly Check[];
  metrics: Metrics;
}>;

const CHECK_TIMEOUT_MS = 2_000;

/**
 * `/health/live`, `/health/ready` and `/metrics` on a port of its own: plain Node, so that it
 * answers before the application is up, while it stops, and when it is overloaded.
 */
export class ManagementServer {
  private isDraining = false;
  /** What is answered, by its path. */
  private readonly looks = new Map<string, (response: ServerResponse) => Promise<void>>([
    ['/health/live', (response) => this.report(response, this.options.live, false)],
    ['/health/ready', (response) => this.report(response, this.options.ready, this.isDraining)],
    ['/metrics', (response) => this.expose(response)],
  ]);

  private constructor(
    private readonly server: Server,
    private readonly options: ManagementOptions,
  ) {}

  /** Resolves once it listens. @throws Error if the port is taken. */
  static async start(options: ManagementOptions): Promise<ManagementServer> {
    const server = createServer();
    limitServer(server);
    const management = new ManagementServer(server, options);
    server.on('request', (request, response) => void management.answer(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, options.host, resolve);
    });
    return management;
  }

  get port(): number {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
    return address.port;
  }

  /** From now on not ready: load balancers are to send requests elsewhere. */
  draining(): void {
    this.isDraining = true;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  /** Never throws: whatever goes wrong while looking is an answer too. */
  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = ''] = (request.url ?? '').split('?');
    const look = this.looks.get(path);
    if (!isUnambiguous(request)) {
      sendProblem(response, { status: 400, code: 'malformed_request' });
    } else if (look === undefined) {
      sendProblem(response, { status: 404, code: 'not_found' });
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      sendProblem(response, { status: 405, code: 'method_not_allowed' });
    } else {
      await look(response);
    }
  }

  private async report(
    response: ServerResponse,
    checks: readonly Check[],
    draining: boolean,
  ): Promise<void> {
    const looked = await Promise.all(checks.map(async (c) => [c.name, await holds(c)] as const));
    const up = !draining && looked.every(([, good]) => good);
    const status = draining ? 'draining' : up ? 'up' : 'down';
    const named = Object.fromEntries(looked.map(([name, good]) => [name, good ? 'up' : 'down']));
    const body = JSON.stringify({ status, checks: named });
    send(response, up ? 200 : 503, 'application/json', body);
  }

  private async expose(response: ServerResponse): Promise<void> {
    const { metrics } = this.options;
    try {
      send(response, 200, metrics.contentType, await metrics.exposition());
    } catch {
      sendProblem(response, { status: 500, code: 'internal_error' });
    }
  }
}

async function holds(check: Check): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), CHECK_TIMEOUT_MS);
  try {
    return await Promise.race([check.look(), late.promise]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
