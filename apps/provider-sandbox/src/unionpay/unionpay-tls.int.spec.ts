import { request } from 'node:http';
import { connect } from 'node:tls';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startWorld, type World } from '../world.examples.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

/** The way to a host that the proxy leads here. */
const tunnelTo = (host: string) =>
  new Promise<Duplex>((resolve, reject) => {
    const path = `${host}:443`;
    const to = { host: '127.0.0.1', port: world.proxyPort, method: 'CONNECT', path };
    request(to)
      .on('connect', (_, way: Duplex) => resolve(way))
      .on('error', reject)
      .end();
  });

it('answers as gateway.95516.com, over TLS that its authority vouches for', async () => {
  const ca = await (await fetch(`${world.controlUrl}/credentials/ca.pem`)).text();
  const servername = 'gateway.95516.com';
  const socket = connect({ socket: await tunnelTo(servername), servername, ca });
  const body = 'version=5.1.0&merId=777290058110048';
  socket.write(
    `POST /gateway/api/queryTrans.do HTTP/1.1\r\nHost: ${servername}\r\nConnection: close\r\n` +
      'Content-Type: application/x-www-form-urlencoded;charset=UTF-8\r\n' +
      `Content-Length: ${body.length}\r\n\r\n${body}`,
  );
  let text = '';
  const chunks: AsyncIterable<Buffer> = socket;
  for await (const chunk of chunks) text += chunk.toString();
  expect(text).toMatch(/^HTTP\/1.1 200 /);
  expect(text).toContain('respCode=11');
  expect(socket.authorized).toBe(true);
});
