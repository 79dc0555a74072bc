import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Resolver } from 'node:dns/promises';
import { describe, expect, it } from '@jest/globals';
import { askDns, DNS_PATIENCE } from './endpoint-addresses.adapter.js';

const A = 1;

/** The question with one address behind it, if it asks for one of version 4; else with none. */
function answerTo(question: Buffer): Buffer {
  const nameEnd = question.indexOf(0, 12);
  const asked = question.subarray(0, nameEnd + 5); // header, name, type, class
  const isA = question.readUInt16BE(nameEnd + 1) === A;
  const header = Buffer.from(asked);
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(isA ? 1 : 0, 6);
  header.writeUInt32BE(0, 8);
  const address = [0xc0, 0x0c, 0, A, 0, 1, 0, 0, 0, 60, 0, 4, 93, 184, 215, 14];
  return Buffer.concat([header, Buffer.from(isA ? address : [])]);
}

/** A name server of our own, and a resolver that asks it alone. */
async function aNameServer(answers: boolean) {
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => {
    if (answers) socket.send(answerTo(question), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const resolver = new Resolver(DNS_PATIENCE);
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return { resolve: askDns(resolver), [Symbol.dispose]: () => void socket.close() };
}

describe('where a name leads', () => {
  it('is asked of DNS, both kinds of addresses; one kind is enough', async () => {
    using server = await aNameServer(true);
    expect(await server.resolve('shop.example')).toEqual(['93.184.215.14']);
  });

  it('is given up when its name server is silent', async () => {
    using server = await aNameServer(false);
    await expect(server.resolve('shop.example')).rejects.toThrow('leads nowhere now');
  }, 15_000);
});
