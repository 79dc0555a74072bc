import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Post } from '@nestjs/common';
import { exchange } from '@hutong/testing';
import { objectIn, startApp, type App } from './app.examples.js';
import { SERVER_LIMITS } from './http-limits.js';

@Controller()
class EchoController {
  @Post('echo')
  echo(@Body() body: Record<string, unknown>): object {
    return body;
  }

  /** More than a connection holds that nobody reads from. */
  @Get('much')
  much(): object {
    return { much: 'x'.repeat(32 * 1024 * 1024) };
  }

  @Get('echo')
  get(): object {
    return {};
  }
}

/** The limits in time, a hundredth of what they are. */
const quick = {
  headersTimeout: SERVER_LIMITS.headersTimeout / 100,
  requestTimeout: SERVER_LIMITS.requestTimeout / 100,
  connectionsCheckingInterval: SERVER_LIMITS.connectionsCheckingInterval / 100,
  timeout: SERVER_LIMITS.timeout / 100,
};

const opened = new AsyncDisposableStack();
let app: App;
beforeAll(async () => {
  app = opened.use(await startApp([EchoController], { limits: quick }));
});
afterAll(() => opened.disposeAsync());

const problemIn = (back: string) => objectIn(back.slice(back.indexOf('\r\n\r\n')));
const HEAD = 'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';

describe('a slow client', () => {
  it.each([
    ['says nothing of its headers', 'GET /echo HTTP/1.1\r\n'],
    ['does not end its headers', 'GET /echo HTTP/1.1\r\nhost: x\r\n'],
    ['does not send the body that it announced', `${HEAD}content-length: 100\r\n\r\n{"a":`],
    ['does not end its chunks', `${HEAD}transfer-encoding: chunked\r\n\r\n3\r\n{"a\r\n`],
  ])('that %s is answered 408, and let go', async (_, bytes) => {
    const back = await exchange(app.port, bytes);
    expect(back).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(problemIn(back)).toMatchObject({ status: 408, code: 'request_timeout' });
  });

  it('that sends a byte now and then is let go as well', async () => {
    const socket = connect({ host: '127.0.0.1', port: app.port });
    const back = wholeOf(socket);
    socket.write('GET /echo HTTP/1.1\r\nhost: x\r\nx: ');
    const drip = setInterval(() => socket.write('x'), 10);
    try {
      expect(await back).toMatch(/^HTTP\/1\.1 408 /);
    } finally {
      clearInterval(drip);
    }
  });

  it('that reads nothing of its answer is let go as well', async () => {
    const accepted = once(app.server, 'connection');
    const socket = connect({ host: '127.0.0.1', port: app.port });
    socket.on('error', () => undefined).pause();
    socket.write('GET /much HTTP/1.1\r\nhost: x\r\n\r\n');
    const [connection] = (await accepted) as [Socket];
    await once(connection, 'close', { signal: AbortSignal.timeout(30_000) });
    socket.destroy();
  }, 60_000);

  it('costs others nothing', async () => {
    const slow = exchange(app.port, 'GET /echo HTTP/1.1\r\n');
    expect((await app.answer('/echo')).status).toBe(200);
    await slow;
  });
});

describe('a body without end', () => {
  const half = async (head: string, some: string) => {
    const socket = connect({ host: '127.0.0.1', port: app.port });
    let back = '';
    const answered = Promise.withResolvers<string>();
    const whole = wholeOf(socket);
    socket.on('data', (text: string) => answered.resolve((back += text)));
    socket.write(head + some);
    return { first: await answered.promise, whole: await whole };
  };

  it.each([
    ['announced', `content-length: 99999999999\r\n\r\n`, '{"a":'],
    ['in chunks', 'transfer-encoding: chunked\r\n\r\n', `20000\r\n${'x'.repeat(0x11000)}`],
  ])('that is too large (%s) is refused at once, and let go in time', async (_, how, some) => {
    const { first, whole } = await half(HEAD + how, some);
    expect(first).toMatch(/^HTTP\/1\.1 413 /);
    expect(problemIn(first)).toMatchObject({ status: 413, code: 'body_too_large' });
    expect(whole).toBe(first);
  });
});

describe('a connection', () => {
  it('hears of noise behind a request, and never in the place of its answer', async () => {
    const good = 'GET /echo HTTP/1.1\r\nhost: x\r\n\r\n';
    const back = await exchange(app.port, `${good}noise\r\n\r\n`).catch(() => '');
    expect(back).not.toContain(' 400 ');
    const socket = connect({ host: '127.0.0.1', port: app.port });
    const whole = wholeOf(socket);
    socket.once('data', () => socket.write('noise\r\n\r\n'));
    socket.write(good);
    expect((await whole).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
  });

  it('is made anew after so many requests', () => {
    expect(app.server.maxRequestsPerSocket).toBe(1_000);
  });

  it('carries a hundred headers at most', async () => {
    const with200 = `${'x: 1\r\n'.repeat(200)}\r\n`;
    const back = await exchange(app.port, `GET /echo HTTP/1.1\r\nhost: x\r\n${with200}`);
    expect(problemIn(back)).toMatchObject({ status: 431, code: 'headers_too_large' });
  });
});

describe('connections', () => {
  it('are held up to a bound', () => {
    expect(app.server.maxConnections).toBe(1_000);
  });

  it('beyond it are closed while the others are served, and have room when one of those ends', async () => {
    await using small = await startApp([EchoController], { limits: { maxConnections: 3 } });
    const open = () => connect({ host: '127.0.0.1', port: small.port });
    const accepted = once(small.server, 'connection');
    const held = [open(), open(), open()] as const;
    await Promise.all(held.map(served));

    const surplus = Array.from({ length: 5 }, () => wholeOf(open().resume()));
    expect(await Promise.all(surplus)).toEqual(['', '', '', '', '']);
    await Promise.all(held.map(served));

    const [connection] = (await accepted) as [Socket];
    const ended = once(connection, 'close', { signal: AbortSignal.timeout(30_000) });
    const [ending] = held.filter(({ localPort }) => localPort === connection.remotePort);
    ending?.end();
    await ended;
    const next = open();
    await served(next);
    for (const socket of [...held, next]) socket.destroy();
  });
});

/** Asks once more on this connection, and waits for the answer. */
async function served(socket: Socket): Promise<void> {
  socket.write('GET /echo HTTP/1.1\r\nhost: x\r\n\r\n');
  const signal = AbortSignal.timeout(30_000);
  const [answer] = (await once(socket, 'data', { signal })) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /);
}

function wholeOf(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let back = '';
    socket.setEncoding('utf8').on('data', (text: string) => (back += text));
    socket.on('error', () => undefined); // a byte that was on its way when it was let go
    socket.on('close', () => resolve(back));
  });
}
