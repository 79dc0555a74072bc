import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Memory that a process holds, in MiB. @throws Error if it is gone. */
export function memoryOf(pid: number): number {
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' });
  const kib = Number(stdout.trim());
  if (!(kib > 0)) throw new Error(`no process ${pid}`);
  return kib / 1024;
}

/** Posts the body so often, so many at once. @returns how often each status was answered. */
export async function flood(
  url: URL,
  o: Readonly<{ type: string; body: string; times: number; atOnce: number }>,
): Promise<Readonly<Record<number, number>>> {
  const answers: Record<number, number> = {};
  let left = o.times;
  const one = async (): Promise<void> => {
    while (left-- > 0) {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': o.type },
        body: o.body,
        signal: AbortSignal.timeout(60_000),
      });
      await answer.arrayBuffer();
      answers[answer.status] = (answers[answer.status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: o.atOnce }, one));
  return answers;
}

/** Clients that ask again and again on one connection each, and read no answer. Ends them when disposed. */
export async function readNothing(
  url: URL,
  o: Readonly<{ clients: number; requests: number }>,
): Promise<Disposable> {
  const request = `GET ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\n\r\n`;
  const sockets = await Promise.all(Array.from({ length: o.clients }, () => connected(url)));
  for (const socket of sockets) socket.write(request.repeat(o.requests));
  return { [Symbol.dispose]: () => sockets.forEach((socket) => socket.destroy()) };
}

/** The status that these bytes are answered with. @throws Error if it is none, or nobody hangs up within a minute. */
export async function statusFor(url: URL, bytes: string): Promise<number> {
  const socket = await connected(url);
  try {
    let back = '';
    socket.setEncoding('latin1').on('data', (text: string) => (back += text));
    const closed = once(socket, 'close', { signal: AbortSignal.timeout(60_000) });
    socket.write(bytes);
    socket.resume();
    await closed;
    const status = /^HTTP\/1\.1 (\d{3}) /.exec(back)?.[1];
    if (status === undefined) throw new Error(`no answer to ${JSON.stringify(bytes)}`);
    return Number(status);
  } finally {
    socket.destroy();
  }
}

function connected(url: URL): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: url.hostname, port: Number(url.port) });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject).on('error', () => undefined); // let go by the server: that is the point
      socket.pause();
      resolve(socket);
    });
  });
}
