import { connect as connectSecurely, type TLSSocket } from 'node:tls';
import { request, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWorld, type World } from '../world.examples.js';

let world: World;
let ca: string;

beforeAll(async () => {
  world = await startWorld();
  ca = await (await fetch(`${world.controlUrl}/credentials/ca.pem`)).text();
});
afterAll(() => world[Symbol.asyncDispose]());

/** What the proxy says to CONNECT, and the way through it. */
const tunnel = (authority: string) =>
  new Promise<Readonly<{ status: number; way: Duplex }>>((resolve, reject) => {
    const asking = request({
      host: '127.0.0.1',
      port: world.proxyPort,
      method: 'CONNECT',
      path: authority,
      headers: { host: authority },
    });
    asking.on('connect', ({ statusCode = 0 }: IncomingMessage, way: Duplex) =>
      resolve({ status: statusCode, way }),
    );
    asking.on('error', reject).end();
  });

const secured = (way: Duplex, servername: string, trusted = ca) =>
  new Promise<TLSSocket>((resolve, reject) => {
    const socket = connectSecurely({ socket: way, servername, ca: trusted }, () => resolve(socket));
    socket.on('error', reject);
  });

async function answered(socket: TLSSocket, path: string): Promise<string> {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  let text = '';
  const chunks: AsyncIterable<Buffer> = socket;
  for await (const chunk of chunks) text += chunk.toString();
  return text;
}

describe('the proxy', () => {
  it.each(['api.mch.weixin.qq.com', 'api2.mch.weixin.qq.com'])(
    'leads %s here, over TLS that its authority vouches for',
    async (host) => {
      const { status, way } = await tunnel(`${host}:443`);
      expect(status).toBe(200);
      const answer = await answered(await secured(way, host), '/v3/pay/transactions/id/1');
      expect(answer).toMatch(/^HTTP\/1.1 401 /);
      expect(answer).toContain('SIGN_ERROR');
    },
  );

  it('leads to Alipay, which answers by name and address', async () => {
    const { status, way } = await tunnel('openapi.alipay.com:443');
    expect(status).toBe(200);
    const answer = await answered(await secured(way, 'openapi.alipay.com'), '/gateway.do');
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(answer).toContain('isv.missing-app-id');
  });

  it('is believed by nobody who does not trust the authority', async () => {
    const { way } = await tunnel('api.mch.weixin.qq.com:443');
    const refused = secured(way, 'api.mch.weixin.qq.com', '');
    await expect(refused).rejects.toThrow(/certificate/);
  });

  it.each(['api.mch.weixin.qq.com:80', 'example.com:443', 'localhost:3100', '127.0.0.1:22', ''])(
    'leads nowhere else: %s',
    async (authority) => {
      const { status, way } = await tunnel(authority || ':');
      way.destroy();
      expect(status).toBe(403);
    },
  );

  it('is for CONNECT alone', async () => {
    const answer = await fetch(`http://127.0.0.1:${world.proxyPort}/`);
    expect(answer.status).toBe(405);
  });
});

it('ends with its world, also when somebody is inside', async () => {
  await using opened = new AsyncDisposableStack();
  const ending = await startWorld();
  const outer = world;
  opened.defer(() => {
    world = outer;
  });
  world = ending;
  const { way } = await tunnel('api.mch.weixin.qq.com:443');
  const closed = new Promise((resolve) => way.once('close', resolve));
  way.on('error', () => undefined).resume();
  await ending[Symbol.asyncDispose]();
  await closed;
});
