import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';
import { KAFKA_API, KafkaProxy } from './kafka-proxy.js';

const open = new AsyncDisposableStack();
/** What has reached the broker, as the text behind each header. */
const arrived: string[] = [];
let proxy: KafkaProxy;

beforeAll(async () => {
  // Answers each request with its correlation and its text.
  const broker = createServer((socket) => {
    socket.on('error', () => undefined);
    onFrames(socket, (frame) => {
      const text = textOf(frame);
      arrived.push(text);
      socket.write(framed(frame.subarray(8, 12), Buffer.from(text)));
    });
  });
  broker.listen(0, '127.0.0.1');
  await once(broker, 'listening');
  open.defer(async () => {
    const closed = once(broker, 'close');
    broker.close();
    await closed;
  });
  proxy = open.use(await KafkaProxy.listen());
  proxy.forwardTo(`127.0.0.1:${(broker.address() as AddressInfo).port}`);
});

afterAll(() => open.disposeAsync());

it('keeps back the requests of one client and one kind, and lets them through once released', async () => {
  await using checkout = await aClient('checkout');
  await using ledger = await aClient('ledger');
  const held = proxy.withhold({ client: 'checkout', api: 'offsetCommit', part: 'request' });

  checkout.send(['offsetCommit', 'kept']);
  checkout.send(['fetch', 'behind it']);
  ledger.send(['offsetCommit', 'of another']);
  await checkout.hears('behind it');
  await ledger.hears('of another');

  expect(held.count).toBe(1);
  expect(arrived).not.toContain('kept');
  held.release();
  await checkout.hears('kept');
  checkout.send(['offsetCommit', 'after it']);
  await checkout.hears('after it');
});

it('keeps back an answer when the broker has done what was asked', async () => {
  await using relay = await aClient('relay');
  const held = proxy.withhold({ client: 'relay', part: 'answer' });

  relay.send(['produce', 'done, and not told']);
  await eventually(() => held.count === 1, { what: 'an answer to be kept' });

  expect(arrived).toContain('done, and not told');
  expect(relay.heard).toEqual([]);
  held.release();
  await relay.hears('done, and not told');
});

it('forgets what it kept of a client that is gone', async () => {
  const dying = await aClient('dying');
  const held = proxy.withhold({ client: 'dying', part: 'request' });
  dying.send(['offsetCommit', 'never arrives']);
  await eventually(() => held.count === 1, { what: 'a request to be kept' });
  await dying[Symbol.asyncDispose]();

  held.release();

  await using heir = await aClient('dying');
  heir.send(['fetch', 'of the next']);
  await heir.hears('of the next');
  expect(arrived).not.toContain('never arrives');
});

it('finds the frames whatever pieces they come in', async () => {
  await using client = await aClient('in pieces');
  const held = proxy.withhold({ client: 'in pieces', api: 'heartbeat', part: 'request' });
  const long = 'of many reads '.repeat(20_000);
  client.send(['fetch', long], ['heartbeat', 'behind it'], ['fetch', 'and at once']);
  await client.hears(long);
  await client.hears('and at once');
  expect([held.count, client.heard.length]).toEqual([1, 2]);
});

type Api = keyof typeof KAFKA_API;

async function aClient(name: string) {
  const [host = '', port = ''] = proxy.address.split(':');
  const socket = connect({ host, port: Number(port) });
  await once(socket, 'connect');
  const heard: string[] = [];
  onFrames(socket, (frame) => heard.push(frame.toString('utf8', 8)));
  let correlation = 0;
  const request = (api: Api, text: string): Buffer => {
    const header = Buffer.alloc(10);
    header.writeInt16BE(KAFKA_API[api], 0);
    header.writeInt32BE((correlation += 1), 4);
    header.writeInt16BE(name.length, 8);
    return framed(header, Buffer.from(name), Buffer.from(text));
  };
  return {
    heard,
    /** All of them at once. */
    send: (...requests: readonly [api: Api, text: string][]) =>
      void socket.write(Buffer.concat(requests.map(([api, text]) => request(api, text)))),
    hears: (text: string) =>
      eventually(() => heard.includes(text), { what: `${name} to hear ${text.slice(0, 40)}` }),
    [Symbol.asyncDispose]: async () => {
      const closed = once(socket, 'close');
      socket.destroy();
      await closed;
    },
  };
}

function framed(...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** Of a request, what is behind its header. */
const textOf = (frame: Buffer): string => frame.toString('utf8', 14 + frame.readInt16BE(12));

function onFrames(socket: Socket, take: (frame: Buffer) => void): void {
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0);
      take(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  });
}
