import { createServer } from 'node:http';
import type { Notice } from './gateway-stage.examples.js';

/** Whoever keeps a connection must not find it closed, however long a busy spec leaves it idle. */
const STAYS_OPEN = { keepAliveTimeout: 0 };

/** Stands where notifications arrive: keeps the last one, and passes it on or lets it be lost. */
export type NoticeTap = AsyncDisposable &
  Readonly<{
    url: string;
    /** While true nothing arrives behind it; the sender is answered all the same. */
    swallow: (lost: boolean) => void;
    last: () => Notice | undefined;
  }>;

export type TapOptions = Readonly<{
  path: string;
  /** Sends it on. @returns the status of the answer. */
  tell: (notice: Notice) => Promise<number>;
  /** The headers that are a part of the notification. */
  headers: RegExp;
  /** What a sender is answered whose notification is lost, and hears as yes. */
  kept: number;
  /** What is written beside a status; nothing, where nothing is said. */
  words?: (status: number) => string;
}>;

export async function startNoticeTap(o: TapOptions): Promise<NoticeTap> {
  const { words = () => '' } = o;
  let lost = false;
  let last: Notice | undefined;
  const server = createServer(STAYS_OPEN, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.entries(request.headers).flatMap(([name, value]) =>
        o.headers.test(name) ? [[name, String(value)] as const] : [],
      );
      last = { headers: Object.fromEntries(headers), body: Buffer.concat(chunks).toString() };
      const answered = lost ? Promise.resolve(o.kept) : o.tell(last);
      answered.then(
        (status) => response.writeHead(status).end(words(status)),
        () => response.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return {
    url: `http://127.0.0.1:${address.port}${o.path}`,
    swallow: (next) => {
      lost = next;
      last = undefined;
    },
    last: () => last,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Posts a notification as it is. @returns the status of the answer. */
export async function post(url: string, { headers, body }: Notice): Promise<number> {
  const answer = await fetch(url, { method: 'POST', headers, body });
  await answer.arrayBuffer();
  return answer.status;
}
