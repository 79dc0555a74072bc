import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { Metrics } from '@hutong/telemetry';
import { exchange } from '@hutong/testing';

import { ManagementServer, type Check } from './management-server.js';

const metrics = new Metrics('spec');
const up: Check = { name: 'up', look: () => true };
const down: Check = { name: 'down', look: async () => false };
const broken: Check = {
  name: 'broken',
  look: async () => Promise.reject(new Error('canary-4711')),
};
const wild: Check = {
  name: 'wild',
  look: () => {
    throw new Error('canary-4711');
  },
};

async function start(checks: { live?: readonly Check[]; ready?: readonly Check[] } = {}) {
  const { live = [], ready = [] } = checks;
  const server = await ManagementServer.start({ host: '127.0.0.1', port: 0, live, ready, metrics });
  const url = `http://127.0.0.1:${server.port}`;
  const get = async (path: string) => {
    const answer = await fetch(url + path);
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  };
  return { server, get, [Symbol.asyncDispose]: () => server.close() };
}

describe('the management server', () => {
  it.each<[string, readonly Check[], number, object]>([
    ['nothing to look at', [], 200, { status: 'up', checks: {} }],
    ['what is well', [up], 200, { status: 'up', checks: { up: 'up' } }],
    ['what is not', [up, down], 503, { status: 'down', checks: { up: 'up', down: 'down' } }],
    ['a look that fails', [broken], 503, { status: 'down', checks: { broken: 'down' } }],
    ['a look that throws', [wild], 503, { status: 'down', checks: { wild: 'down' } }],
  ])('tells of %s', async (_, checks, status, body) => {
    for (const kind of ['live', 'ready'] as const) {
      await using management = await start({ [kind]: checks });
      const answer = await management.get(`/health/${kind}`);
      expect([answer.status, JSON.parse(answer.text)]).toEqual([status, body]);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });

  it('is ready no more once it drains, and lives on', async () => {
    await using management = await start({ live: [up], ready: [up] });
    management.server.draining();
    const ready = await management.get('/health/ready');
    expect([ready.status, JSON.parse(ready.text)]).toEqual([
      ...[503, { status: 'draining', checks: { up: 'up' } }],
    ]);
    expect((await management.get('/health/live')).status).toBe(200);
  });

  it('does not wait for what does not answer', async () => {
    const never: Check = { name: 'never', look: () => new Promise(() => undefined) };
    await using management = await start({ ready: [up, never] });
    const started = performance.now();
    const { status, text } = await management.get('/health/ready');
    expect([status, JSON.parse(text)]).toEqual([
      ...[503, { status: 'down', checks: { up: 'up', never: 'down' } }],
    ]);
    expect(performance.now() - started).toBeLessThan(4_000);
  });

  it('exposes the metrics, whatever is asked behind the path', async () => {
    await using management = await start();
    const { status, text, headers } = await management.get('/metrics?name[]=x');
    expect([status, headers.get('content-type')]).toEqual([200, metrics.contentType]);
    expect(text).toContain('process_cpu_user_seconds_total{service="spec"}');
  });

  it('answers 500 where a metric cannot be read', async () => {
    const faulty = new Metrics('faulty');
    const gauge = faulty.gauge('hutong_spec', 'Fails.');
    Object.assign(gauge, { collect: () => Promise.reject(new Error('canary-4711')) });
    await using server = disposable(
      await ManagementServer.start({
        ...{ host: '127.0.0.1', port: 0, live: [], ready: [], metrics: faulty },
      }),
    );
    const answer = await fetch(`http://127.0.0.1:${server.of.port}/metrics`);
    expect([answer.status, (await answer.text()).includes('canary')]).toEqual([500, false]);
  });

  it.each(['/', '/health', '/health/live/', '/metrics/x', '//metrics'])(
    'has nothing at %s',
    async (at) => {
      await using management = await start();
      const { status, text } = await management.get(at);
      expect([status, JSON.parse(text)]).toMatchObject([404, { code: 'not_found' }]);
    },
  );

  it.each<[string, string, number, string]>([
    ['noise', 'hello\r\n\r\n', 400, 'malformed_request'],
    ['no host', 'GET /metrics HTTP/1.1\r\nconnection: close\r\n\r\n', 400, 'malformed_request'],
    ['too long a line', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n\r\n`, 431, 'headers_too_large'],
    [
      'another method',
      'POST /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 9\r\n\r\n',
      405,
      'method_not_allowed',
    ],
  ])('answers %s with a problem', async (_, bytes, status, code) => {
    await using management = await start();
    const back = await exchange(management.server.port, bytes);
    expect(back).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(back).toContain('content-type: application/problem+json');
    expect(JSON.parse(back.slice(back.indexOf('{')))).toMatchObject({ status, code });
  });

  it('is closed at once, whoever is still connected', async () => {
    const management = await start();
    const idle = exchange(management.server.port).catch(() => 'gone');
    await management.get('/health/live');
    await management.server.close();
    expect(['', 'gone']).toContain(await idle);
    await expect(management.get('/health/live')).rejects.toThrow('fetch failed');
  });

  it('does not start on a port that is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      await expect(
        ManagementServer.start({ host: '127.0.0.1', port, live: [], ready: [], metrics }),
      ).rejects.toMatchObject({ code: 'EADDRINUSE' });
    } finally {
      await new Promise<void>((resolve) => other.close(() => resolve()));
    }
  });
});

const disposable = (of: ManagementServer) => ({ of, [Symbol.asyncDispose]: () => of.close() });
