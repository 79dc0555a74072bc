import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Notice } from './gateway-stage.examples.js';

/** Whoever keeps a connection must not find it closed, however long a busy spec leaves it idle. */
const STAYS_OPEN = { keepAliveTimeout: 0 };

/** One call of a gateway's, as it came. */
export type RecordedCall = Readonly<{ method: string; url: URL; body: string }>;

type Answering = (response: ServerResponse) => void;
type Answers = (call: RecordedCall, response: ServerResponse, provider: RecordedProvider) => void;

/** A provider that answers what was recorded, by the state that an order or a refund is said to be in. */
export class RecordedProvider implements AsyncDisposable {
  private readonly bodies = new Map<string, string[]>();
  private readonly states = new Map<string, string>();
  private readonly once = new Map<string, Answering>();

  private constructor(
    private readonly server: Server,
    /** Its address, without a path. */
    readonly url: URL,
  ) {}

  /** @param answers what this provider says to a call. */
  static async start(answers: Answers): Promise<RecordedProvider> {
    const server = createServer(STAYS_OPEN);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
    const provider = new RecordedProvider(server, new URL(`http://127.0.0.1:${address.port}`));
    server.on('request', (request, response) => void provider.serve(request, response, answers));
    return provider;
  }

  /** Every body that asked for this order or refund. */
  created(id: string): readonly string[] {
    return this.bodies.get(id) ?? [];
  }

  /** The next create is answered so. */
  next(id: string, answering: Answering): void {
    this.once.set(id, answering);
  }

  /** A query answers this state from now on. */
  move(id: string, state: string): void {
    this.states.set(id, state);
  }

  stateOf(id: string): string | undefined {
    return this.states.get(id);
  }

  /** Keeps what asked for it, and answers as `next` said, or as recorded. */
  create(
    id: string,
    { body, answer }: Readonly<{ body: string; answer: Notice }>,
    response: ServerResponse,
  ): void {
    this.bodies.set(id, [...this.created(id), body]);
    const special = this.once.get(id);
    this.once.delete(id);
    if (special === undefined) answered(response, answer);
    else special(response);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
    });
  }

  private async serve(
    request: IncomingMessage,
    response: ServerResponse,
    answers: Answers,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
    const url = new URL(request.url ?? '', this.url);
    const body = Buffer.concat(chunks).toString();
    answers({ method: request.method ?? '', url, body }, response, this);
  }
}

/** What was recorded, byte for byte. */
export const answered = (response: ServerResponse, { headers, body }: Notice): void =>
  void response.writeHead(200, headers).end(body);
