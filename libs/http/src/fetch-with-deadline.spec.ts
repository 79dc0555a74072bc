import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { currentTraceparent, withTraceparent } from '@hutong/telemetry';
import { fetchWithDeadline, type DeadlineInit } from './fetch-with-deadline.js';
import { codeOfFailure, Unreachable, type UnreachableCode } from './unreachable.js';

const opened = new AsyncDisposableStack();
afterAll(() => opened.disposeAsync());

const answers: Readonly<Record<string, RequestListener>> = {
  '/echo': (request, response) => {
    response.writeHead(202, {
      'x-method': request.method,
      'x-agent': request.headers['x-agent'] ?? '',
      'x-trace': request.headers['traceparent'] ?? 'none',
    });
    request.pipe(response);
  },
  '/refused': (_, response) => void response.writeHead(409).end('{"code":"ORDERPAID"}'),
  '/empty': (_, response) => void response.writeHead(204).end(),
  '/elsewhere': (_, response) => void response.writeHead(302, { location: '/echo' }).end(),
  '/large': (_, response) => void response.end('x'.repeat(1_001)),
  '/endless': (_, response) => {
    const more = setInterval(() => response.write('x'.repeat(100)), 5);
    response.on('close', () => clearInterval(more));
  },
  '/silent': () => undefined,
  '/half': (_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('half');
  },
  '/broken': (_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy());
  },
  '/dead': (_, response) => void response.destroy(),
};

const listening = (server: Server | ReturnType<typeof createTcpServer>): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });

let url: string;
beforeAll(async () => {
  const server = createServer((request, response) =>
    answers[request.url ?? '']?.(request, response),
  );
  opened.defer(async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  });
  url = `http://127.0.0.1:${await listening(server)}`;
});

const LIMITS = { timeoutMs: 5_000, maxBytes: 1_000 };
const ask = (path: string, init: Partial<DeadlineInit> = {}) =>
  fetchWithDeadline(url + path, { ...LIMITS, ...init });
const fault = async (asked: Promise<unknown>): Promise<Unreachable> => {
  const thrown: unknown = await asked.catch((cause: unknown) => cause);
  if (thrown instanceof Unreachable) return thrown;
  throw new Error('an answer, or another fault', { cause: thrown });
};

describe('an exchange', () => {
  it('sends what it is given, and answers status, headers and bytes', async () => {
    const headers = { 'x-agent': 'spec/1' };
    const answer = await ask('/echo', { method: 'POST', headers, body: '龙井茶' });
    expect([answer.status, answer.body.toString('utf8')]).toEqual([202, '龙井茶']);
    expect(answer.headers.get('x-method')).toBe('POST');
    expect(answer.headers.get('x-agent')).toBe('spec/1');
    const bytes = new Uint8Array([0, 255, 128]);
    expect([...(await ask('/echo', { method: 'POST', body: bytes })).body]).toEqual([0, 255, 128]);
  });

  it('goes out with the trace of the work that it is part of, and with none otherwise', async () => {
    const sent = async () => (await ask('/echo')).headers.get('x-trace');
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const [within, seen] = await withTraceparent(`00-${trace}-b7ad6b7169203331-01`, async () => [
      currentTraceparent(),
      await sent(),
    ]);
    expect(seen).toContain(trace);
    expect(seen).toBe(within);
    expect(await sent()).toBe('none');
  });

  it.each<[string, number, string]>([
    ['/refused', 409, '{"code":"ORDERPAID"}'],
    ['/empty', 204, ''],
    ['/elsewhere', 302, ''],
  ])('takes whatever comes for an answer: %s', async (path, status, text) => {
    const answer = await ask(path);
    expect([answer.status, answer.body.toString()]).toEqual([status, text]);
  });

  it('takes as many bytes as it may, and no more', async () => {
    expect((await ask('/large', { maxBytes: 1_001 })).body).toHaveLength(1_001);
    expect(await fault(ask('/large'))).toMatchObject({ code: 'too_large', mayHaveArrived: true });
    expect(await fault(ask('/endless'))).toMatchObject({ code: 'too_large' });
  });
});

describe('no whole answer', () => {
  it.each<{ path: string; code: UnreachableCode }>`
    path         | code
    ${'/silent'} | ${'timeout'}
    ${'/half'}   | ${'timeout'}
    ${'/broken'} | ${'reset'}
    ${'/dead'}   | ${'reset'}
  `('from $path is $code, and leaves open whether the request arrived', async ({ path, code }) => {
    const timeoutMs = 200;
    const started = performance.now();
    const unreachable = await fault(ask(path, { timeoutMs, method: 'POST', body: '{}' }));
    expect(unreachable).toMatchObject({
      code,
      mayHaveArrived: true,
      message: `no answer: ${code}`,
    });
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(unreachable.cause).toBeDefined();
  });

  it('is a refusal where nobody listens: nothing can have arrived', async () => {
    const server = createTcpServer();
    const port = await listening(server);
    await new Promise<void>((resolve) => server.close(() => resolve()));
    const asked = fetchWithDeadline(`http://127.0.0.1:${port}`, LIMITS);
    expect(await fault(asked)).toMatchObject({ code: 'refused', mayHaveArrived: false });
  });

  it('is of the network of names where there is no such name', async () => {
    const asked = fetchWithDeadline('http://nobody.invalid', LIMITS);
    expect(await fault(asked)).toMatchObject({ code: 'dns', mayHaveArrived: false });
  });

  it.each([
    ['words that are not HTTP', 'SSH-2.0-hello\r\n', 'malformed', 'http'],
    ['words that are not TLS', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'tls', 'https'],
  ])('is told apart for %s', async (_, words, code, scheme) => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(words));
    });
    const port = await listening(server);
    try {
      const asked = fetchWithDeadline(`${scheme}://127.0.0.1:${port}`, LIMITS);
      expect(await fault(asked)).toMatchObject({ code });
    } finally {
      await new Promise<void>((resolve) => server.close(() => resolve()));
    }
  });

  it.each<[string, () => Promise<unknown>]>([
    ['an address that is none', () => fetchWithDeadline('hello', LIMITS)],
    ['a header that is none', () => ask('/echo', { headers: { 'x y': 'z' } })],
    ['a line too many in a header', () => ask('/echo', { headers: { x: 'a\r\nb: c' } })],
    ['a body where none goes', () => ask('/echo', { method: 'GET', body: 'x' })],
  ])('is not what comes of %s: that is a fault of ours', async (_, asked) => {
    await expect(asked()).rejects.toMatchObject({ name: 'TypeError' });
  });
});

it.each<[string, UnreachableCode]>([
  ['ECONNREFUSED', 'refused'],
  ['EHOSTUNREACH', 'reset'],
  ['ENETUNREACH', 'reset'],
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['ECONNRESET', 'reset'],
  ['EPIPE', 'reset'],
  ['UND_ERR_SOCKET', 'reset'],
  ['ETIMEDOUT', 'timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ['CERT_HAS_EXPIRED', 'tls'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
  ['HPE_INVALID_CONSTANT', 'malformed'],
  ['SOMETHING_NEW', 'reset'],
])('%s, however deep, is %s', (code, expected) => {
  const deep = Object.assign(new Error('x'), { code });
  expect(codeOfFailure(new TypeError('fetch failed', { cause: deep }))).toBe(expected);
  const twice = new TypeError('fetch failed', { cause: new Error('y', { cause: deep }) });
  expect(codeOfFailure(twice)).toBe(expected);
});
