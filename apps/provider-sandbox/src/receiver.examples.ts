import { createServer, type IncomingHttpHeaders } from 'node:http';

/** Whoever keeps a connection must not find it closed, however long a busy spec leaves it idle. */
const STAYS_OPEN = { keepAliveTimeout: 0 };

/** What a spec closes in `afterAll`, or by `await using`. */
export type Stoppable = Readonly<{ [Symbol.asyncDispose](): Promise<void> }>;

export type Notice = Readonly<{ headers: IncomingHttpHeaders; body: string }>;

/** A merchant's notification address: hears everything, and answers what it is told to. */
export type Receiver = Stoppable &
  Readonly<{
    url: string;
    heard: readonly Notice[];
    /** From now on; the last one stays. */
    answerWith(...statuses: number[]): void;
    /** Beside the status, from now on. */
    say(body: string): void;
  }>;

export async function startReceiver(): Promise<Receiver> {
  const heard: Notice[] = [];
  let statuses = [204];
  let said = '';
  const server = createServer(STAYS_OPEN, (incoming, response) => {
    let body = '';
    incoming.setEncoding('utf8');
    incoming.on('data', (chunk: string) => (body += chunk));
    incoming.on('end', () => {
      heard.push({ headers: incoming.headers, body });
      const [status = 204, ...later] = statuses;
      if (later.length > 0) statuses = later;
      response.writeHead(status).end(said);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return {
    url: `http://127.0.0.1:${address.port}/notifications/taobao`,
    heard,
    answerWith: (...next) => {
      statuses = next;
    },
    say: (body) => {
      said = body;
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
