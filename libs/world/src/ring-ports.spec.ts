import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from '@jest/globals';
import { isFree } from '@hutong/testing';
import { RingPorts } from './ring-ports.js';
import { WELL_KNOWN_PORTS } from './well-known-ports.js';

const silent = (): void => undefined;

it('gives every port once', async () => {
  const ports = new RingPorts('free', silent);

  const pairs = await ports.pairs('checkout', 20);

  const all = pairs.flatMap(({ http, management }) => [http, management]);
  expect(new Set(all).size).toBe(40);
  expect(all).not.toContain(WELL_KNOWN_PORTS.checkout);
});

it('takes the usual port where it is free, and says where it is not', async () => {
  const usual = WELL_KNOWN_PORTS['alipay-gateway'];
  const said: string[] = [];
  const server = createServer().listen(usual, '127.0.0.1');
  await once(server, 'listening');

  const other = await new RingPorts('well-known', (line) => said.push(line)).one('alipay-gateway');
  server.close();
  await once(server, 'close');

  expect(other).not.toBe(usual);
  expect(await isFree(other)).toBe(true);
  expect(said).toEqual([`port ${usual} is taken: alipay-gateway gets another`]);
  const [first, second] = await new RingPorts('well-known', silent).pairs('alipay-gateway', 2);
  expect(first).toEqual({ http: usual, management: usual + 6_000 });
  expect(second?.http).not.toBe(usual);
});
