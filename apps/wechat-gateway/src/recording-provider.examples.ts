import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import {
  createServer,
  request as ask,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createSecureContext, TLSSocket } from 'node:tls';
import { promisify } from 'node:util';

/** Whoever keeps a connection must not find it closed, however long a busy spec leaves it idle. */
const STAYS_OPEN = { keepAliveTimeout: 0 };

const run = promisify(execFile);
const WECHAT = 'api.mch.weixin.qq.com';
const PASSWORD = 'not-a-secret';
const ANSWERED_WITHIN_MS = 10_000;
/** What belongs to one connection, and is said anew on the next. */
export const OF_THE_HOP = ['host', 'connection', 'content-length', 'transfer-encoding'];

/** A request as it arrived. Names of headers in lower case. */
export type Heard = Readonly<{
  method: string;
  /** Path and query. */
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}>;

/**
 * Stands before a provider and keeps what is sent to it: over HTTP by who is told its address, over
 * TLS by who believes to speak with WeChat and goes through a proxy, which is the same port.
 */
export class RecordingProvider implements AsyncDisposable {
  private readonly heard: Heard[] = [];
  private readonly sockets = new Set<Duplex>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
    /** Of the certificate that it shows in WeChat's name. */
    readonly authorityPem: string,
  ) {}

  /** @param folder for its keys. @param behind whom everything is passed on to. */
  static async start(folder: string, behind: URL): Promise<RecordingProvider> {
    const { pfx, pem } = await certified(folder);
    const secureContext = createSecureContext({ pfx, passphrase: PASSWORD });
    const server = createServer(STAYS_OPEN);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
    const provider = new RecordingProvider(server, address.port, pem);
    server.on('request', (request, response) => {
      provider.passOn(request, response, behind).catch(() => response.destroy());
    });
    server.on('connect', (_, socket: Duplex) => {
      socket.on('error', () => socket.destroy());
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const secured = new TLSSocket(socket, { isServer: true, secureContext });
      secured.on('error', () => socket.destroy());
      provider.sockets.add(secured);
      server.emit('connection', secured);
    });
    return provider;
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${this.port}`);
  }

  /** What came since the last time. */
  taken(): Heard[] {
    return this.heard.splice(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
      for (const socket of this.sockets) socket.destroy();
    });
  }

  private async passOn(
    request: IncomingMessage,
    response: ServerResponse,
    behind: URL,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { method = '', url = '' } = request;
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    this.heard.push({ method, url, headers, body: body.toString() });
    const asked = ask(new URL(url, behind), {
      method,
      headers: withoutHop(headers),
      timeout: ANSWERED_WITHIN_MS,
    });
    asked.on('timeout', () => asked.destroy(new Error('the provider is silent')));
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    // As they are written: the SDK finds none of its headers in lower case.
    response.writeHead(answer.statusCode ?? 500, answer.rawHeaders);
    await pipeline(answer, response);
  }
}

const withoutHop = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_HOP.includes(name)));

/** A certificate that says to be WeChat's, made by the Java that is to trust it. */
async function certified(folder: string): Promise<Readonly<{ pfx: Buffer; pem: string }>> {
  const store = join(folder, 'recording.p12');
  const kept = ['-alias', 'wechat', '-keystore', store, '-storepass', PASSWORD];
  const named = ['-dname', `CN=${WECHAT}`, '-ext', `san=dns:${WECHAT}`];
  const made = ['-genkeypair', '-keyalg', 'RSA', '-storetype', 'PKCS12', ...named];
  await run('keytool', [...made, ...kept], { timeout: 30_000 });
  const { stdout } = await run('keytool', ['-exportcert', '-rfc', ...kept], { timeout: 30_000 });
  return { pfx: await readFile(store), pem: stdout };
}
