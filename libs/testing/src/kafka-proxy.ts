import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** What a client may ask of a broker, by Kafka's number for it: those that somebody here stops. */
export const KAFKA_API = {
  produce: 0,
  fetch: 1,
  offsetCommit: 8,
  heartbeat: 12,
} as const;

/** Which frames do not arrive. */
export type Withheld = Readonly<{
  /** As the client calls itself in each request: `checkout`, `checkout-relay`. */
  client: string;
  /** All kinds of them, where none is named. */
  api?: keyof typeof KAFKA_API;
  /** On the way there, so that nothing comes of it; or on the way back, when it is done already. */
  part: 'request' | 'answer';
}>;

export interface Withholding {
  /** How many frames were kept back so far. */
  readonly count: number;
  /** Lets those through whose connection is still there, and everything after them. */
  release(): void;
}

type Rule = Withheld & { readonly kept: { frame: Buffer; to: Socket }[] };
/** What the header of a request says. */
type Asked = Readonly<{ client: string; api: number; correlation: number }>;

const HOST = '127.0.0.1';
const LENGTH_BYTES = 4;

/**
 * Stands between clients and a broker and lets everything through but what it is told to keep back. It
 * knows as much of Kafka's protocol as that takes: the frames, and the header of a request. Whoever is
 * behind it needs a broker that tells clients this address, not its own: `startProxiedBroker` has one.
 */
export class KafkaProxy implements AsyncDisposable {
  private readonly server: Server;
  private readonly rules = new Set<Rule>();
  private readonly sockets = new Set<Socket>();
  private broker: Readonly<{ host: string; port: number }> | undefined;

  private constructor(server: Server) {
    this.server = server;
    server.on('connection', (client) => this.accept(client));
  }

  /** On a free port of this machine; whoever connects before `forwardTo` is hung up on. */
  static async listen(): Promise<KafkaProxy> {
    const server = createServer();
    const proxy = new KafkaProxy(server);
    server.listen(0, HOST);
    await once(server, 'listening');
    return proxy;
  }

  /** `host:port`, for clients. */
  get address(): string {
    return `${HOST}:${(this.server.address() as AddressInfo).port}`;
  }

  /** @param address `host:port` of the broker. */
  forwardTo(address: string): void {
    const [host = '', port = ''] = address.split(':');
    this.broker = { host, port: Number(port) };
  }

  /** From now on, until it is released. What comes behind on the same connection passes. */
  withhold(what: Withheld): Withholding {
    const rule: Rule = { ...what, kept: [] };
    this.rules.add(rule);
    return {
      get count() {
        return rule.kept.length;
      },
      release: () => {
        if (!this.rules.delete(rule)) return;
        for (const { frame, to } of rule.kept) if (to.writable) to.write(frame);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private accept(client: Socket): void {
    if (this.broker === undefined) {
      client.destroy();
      return;
    }
    const broker = connect(this.broker);
    const asked = new Map<number, Asked>();
    const requests = sieve((frame) => {
      const request = readHeader(frame);
      asked.set(request.correlation, request);
      return this.passes(request, 'request', frame, broker);
    });
    const answers = sieve((frame) => {
      const correlation = frame.readInt32BE(LENGTH_BYTES);
      const request = asked.get(correlation);
      asked.delete(correlation);
      return request === undefined || this.passes(request, 'answer', frame, client);
    });
    client.pipe(requests).pipe(broker);
    broker.pipe(answers).pipe(client);
    for (const [socket, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined); // it closes, and so does the other side
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
  }

  private passes(
    { client, api }: Asked,
    part: Withheld['part'],
    frame: Buffer,
    to: Socket,
  ): boolean {
    const rule = [...this.rules].find(
      (one) =>
        one.part === part &&
        one.client === client &&
        (one.api === undefined || KAFKA_API[one.api] === api),
    );
    rule?.kept.push({ frame, to });
    return rule === undefined;
  }
}

/** Cuts what flows into frames, four bytes of length and so many behind them, and drops some. */
function sieve(passes: (frame: Buffer) => boolean): Transform {
  let rest: Buffer = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _, done) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      while (rest.length >= LENGTH_BYTES) {
        const end = LENGTH_BYTES + rest.readInt32BE(0);
        if (rest.length < end) break;
        const frame = rest.subarray(0, end);
        rest = rest.subarray(end);
        if (passes(frame)) this.push(frame);
      }
      done();
    },
  });
}

/** Since its first version: number and version of the API, correlation, client. */
function readHeader(frame: Buffer): Asked {
  const clientBytes = frame.readInt16BE(12);
  return {
    api: frame.readInt16BE(4),
    correlation: frame.readInt32BE(8),
    client: clientBytes < 0 ? '' : frame.toString('utf8', 14, 14 + clientBytes),
  };
}
