import { connect } from 'node:net';

const API_VERSIONS = { key: 18, version: 0 };
const FIND_COORDINATOR = { key: 10, version: 1 };
const CORRELATION = 7;
const ANSWER_WITHIN_MS = 2_000;

/** Whether a broker answers there: an ApiVersions request is, before anything else is up. */
export async function brokerAnswers(host: string, port: number): Promise<boolean> {
  const answer = await ask(host, port, API_VERSIONS, Buffer.alloc(0));
  return answer !== undefined;
}

/**
 * Whether groups can be joined: asking for a group's coordinator makes a new broker create its offsets
 * topic, which would otherwise cost the first consumer a second.
 */
export async function coordinatorAnswers(host: string, port: number): Promise<boolean> {
  const group = 'hutong-warm-up';
  const body = Buffer.alloc(2 + group.length + 1);
  body.writeInt16BE(group.length, 0);
  body.write(group, 2);
  const answer = await ask(host, port, FIND_COORDINATOR, body);
  return answer !== undefined && answer.readInt16BE(4) === 0; // after the throttle time
}

/** One request, one answer without its header; `undefined` if none came. */
function ask(
  host: string,
  port: number,
  api: { key: number; version: number },
  body: Buffer,
): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let received = Buffer.alloc(0);
    const done = (answer?: Buffer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ANSWER_WITHIN_MS, () => done());
    socket.on('error', () => done());
    socket.on('close', () => done());
    socket.on('connect', () => socket.write(frame(api, body)));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 8 || received.length < 4 + received.readInt32BE(0)) return;
      done(received.readInt32BE(4) === CORRELATION ? received.subarray(8) : undefined);
    });
  });
}

/** Size, then header version 1: API, its version, correlation, no client id. */
function frame(api: { key: number; version: number }, body: Buffer): Buffer {
  const header = Buffer.alloc(14);
  header.writeInt32BE(10 + body.length, 0);
  header.writeInt16BE(api.key, 4);
  header.writeInt16BE(api.version, 6);
  header.writeInt32BE(CORRELATION, 8);
  header.writeInt16BE(-1, 12);
  return Buffer.concat([header, body]);
}
