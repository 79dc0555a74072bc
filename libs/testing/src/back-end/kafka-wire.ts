import { connect } from 'node:net';

const API_VERSIONS = { key: 18, version: 0 };
const FIND_COORDINATOR = { key: 10, version: 1 };
const LEAVE_GROUP = { key: 13, version: 0 };
const DESCRIBE_GROUPS = { key: 15, version: 0 };
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

/** The ids of a group's members. @throws Error if the broker does not say. */
export async function memberIds(host: string, port: number, group: string): Promise<string[]> {
  const body = Buffer.concat([int32(1), text(group)]);
  const answer = await ask(host, port, DESCRIBE_GROUPS, body);
  if (answer === undefined) throw new Error(`the broker does not say who is in ${group}`);
  const read = new Reader(answer);
  read.int32(); // of one group
  const error = read.int16();
  if (error !== 0) throw new Error(`the broker answers ${error} when asked who is in ${group}`);
  for (let skipped = 0; skipped < 4; skipped += 1) read.text(); // group, state, kind, protocol
  return Array.from({ length: read.int32() }, () => {
    const id = read.text();
    read.text(); // client
    read.text(); // host
    read.bytes(); // what it subscribed to
    read.bytes(); // what it was given
    return id;
  });
}

/** Takes a member out of its group. @returns Kafka's error code: 0 for none. */
export async function leaveGroup(
  host: string,
  port: number,
  { group, member }: Readonly<{ group: string; member: string }>,
): Promise<number | undefined> {
  const answer = await ask(host, port, LEAVE_GROUP, Buffer.concat([text(group), text(member)]));
  return answer?.readInt16BE(0);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeInt16BE(Buffer.byteLength(value));
  return Buffer.concat([length, Buffer.from(value)]);
}

/** Reads an answer from its beginning on. */
class Reader {
  private readonly answer: Buffer;
  private at = 0;

  constructor(answer: Buffer) {
    this.answer = answer;
  }

  int16(): number {
    return this.answer.readInt16BE(this.move(2));
  }

  int32(): number {
    return this.answer.readInt32BE(this.move(4));
  }

  text(): string {
    const length = this.int16();
    return this.answer.toString('utf8', this.move(length), this.at);
  }

  bytes(): void {
    this.move(this.int32());
  }

  private move(by: number): number {
    const from = this.at;
    this.at += by;
    return from;
  }
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
