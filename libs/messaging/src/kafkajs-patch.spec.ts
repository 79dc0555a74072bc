import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

type Request = Readonly<{
  entry: Readonly<{ correlationId: number; resolve: () => void; reject: (why: Error) => void }>;
  expectResponse: boolean;
  sendRequest: () => void;
}>;
type Queue = {
  push(request: Request): void;
  fulfillRequest(response: Readonly<{ correlationId: number; size: number }>): void;
  maybeThrottle(ms: number): void;
  scheduleRequestTimeoutCheck(): void;
  waitForPendingRequests(): Promise<void>;
  destroy(): void;
};

const QUEUE = 'src/network/requestQueue/index.js';
const RUNNER = 'src/consumer/runner.js';
const root = join(import.meta.dirname, '../../..');
const patch = join(root, 'patches/kafkajs+2.2.4.patch');
const ours = createRequire(import.meta.url);
const installed = (file: string): string => ours.resolve(`kafkajs/${file}`);
const RequestQueue = ours(installed(QUEUE)) as new (o: object) => Queue;
const Runner = ours(installed(RUNNER)) as new (o: object) => { start(): Promise<void> };

const nothing = (): void => undefined;
const aQueue = (o: object = {}): Queue =>
  new RequestQueue({
    maxInFlightRequests: 1,
    requestTimeout: 1_000,
    clientId: 'spec',
    broker: 'spec:9092',
    logger: { debug: nothing, warn: nothing },
    ...o,
  });
const aRequest = (
  correlationId: number,
  sendRequest: () => void,
  reject: (why: Error) => void = nothing,
): Request => ({
  entry: { correlationId, resolve: nothing, reject },
  expectResponse: true,
  sendRequest,
});
const timers = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

describe("kafkajs' request queue, as patched", () => {
  it('has no timer once everything is answered', () => {
    const before = timers();
    const queue = aQueue();
    queue.push(aRequest(1, nothing));
    queue.fulfillRequest({ correlationId: 1, size: 0 });
    expect(timers()).toBe(before);
  });

  it('still sends a request that waited for an earlier one', () => {
    const sent: number[] = [];
    const queue = aQueue();
    queue.push(aRequest(1, () => sent.push(1)));
    queue.push(aRequest(2, () => sent.push(2)));
    queue.fulfillRequest({ correlationId: 1, size: 0 });
    expect(sent).toEqual([1, 2]);
  });

  it('still sends a request that was throttled, by itself', async () => {
    const queue = aQueue();
    queue.maybeThrottle(20);
    await new Promise<void>((resolve) => queue.push(aRequest(1, resolve)));
  });
});

describe('a request that is never answered, as patched', () => {
  const LIMITS = { enforceRequestTimeout: true, requestTimeout: 50 };
  const unanswered = (queue: Queue): Promise<Error> =>
    new Promise((resolve) => queue.push(aRequest(1, nothing, resolve)));

  it('times out while its connection is being ended, which waits for it', async () => {
    const before = timers();
    let connected = true;
    const queue = aQueue({ ...LIMITS, isConnected: () => connected });
    queue.scheduleRequestTimeoutCheck();
    const failed = unanswered(queue);
    connected = false;
    await queue.waitForPendingRequests();
    expect(await failed).toMatchObject({ name: 'KafkaJSRequestTimeoutError' });
    queue.destroy();
    expect(timers()).toBe(before);
  });

  it('times out though the end of an earlier connection comes behind it', async () => {
    const before = timers();
    let connected = true;
    const queue = aQueue({ ...LIMITS, isConnected: () => connected });
    queue.scheduleRequestTimeoutCheck();
    queue.scheduleRequestTimeoutCheck(); // connected again
    const failed = unanswered(queue);
    queue.destroy();
    connected = false;
    expect(await failed).toMatchObject({ name: 'KafkaJSRequestTimeoutError' });
    queue.destroy();
    expect(timers()).toBe(before);
  });
});

describe('a member that the group no longer knows, as patched', () => {
  it('joins until it is let in, before it fetches anything more', async () => {
    const done: string[] = [];
    const over = Promise.withResolvers<void>();
    const unknown = Object.assign(new Error('unknown'), { type: 'UNKNOWN_MEMBER_ID' });
    const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
    const logger = { ...silent, namespace: (): object => logger };
    const group = {
      memberId: 'first' as string | null,
      getNodeIds: () => [1],
      connect: () => Promise.resolve(),
      joinAndSync: async () => {
        done.push('join');
        if (done.length === 3) throw new Error('the coordinator is not there yet');
        group.memberId ??= 'second';
      },
      fetch: async () => {
        done.push(`fetch as ${group.memberId}`);
        if (group.memberId === 'first') throw unknown;
        over.resolve();
        return new Promise(nothing); // and waits for records
      },
    };
    const runner = new Runner({
      logger,
      consumerGroup: group,
      instrumentationEmitter: { emit: nothing },
      concurrency: 1,
      retry: { initialRetryTime: 1, maxRetryTime: 1, retries: 5 },
      onCrash: over.reject,
    });
    await runner.start();
    await over.promise;
    expect(done).toEqual(['join', 'fetch as first', 'join', 'join', 'fetch as second']);
  });
});

describe('the patch', () => {
  it('is for the version that is installed', () => {
    const manifest: unknown = createRequire(import.meta.url)('kafkajs/package.json');
    expect(manifest).toMatchObject({ name: 'kafkajs', version: '2.2.4' });
  });

  it('is what differs between the installed files and the published ones', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hutong-patch-'));
    try {
      const copies = [QUEUE, RUNNER].map((file) => {
        const copy = join(folder, 'node_modules/kafkajs', file);
        mkdirSync(dirname(copy), { recursive: true });
        copyFileSync(installed(file), copy);
        return { copy, patched: readFileSync(copy, 'utf8') };
      });
      const apply = (...args: string[]) =>
        execFileSync('git', ['apply', ...args, patch], { cwd: folder, stdio: 'pipe' });
      apply('--reverse');
      for (const { copy, patched } of copies) expect(readFileSync(copy, 'utf8')).not.toBe(patched);
      apply();
      for (const { copy, patched } of copies) expect(readFileSync(copy, 'utf8')).toBe(patched);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
