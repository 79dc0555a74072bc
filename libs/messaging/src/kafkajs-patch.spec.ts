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

const FILE = 'src/network/requestQueue/index.js';
const root = join(import.meta.dirname, '../../..');
const patch = join(root, 'patches/kafkajs+2.2.4.patch');
const installed = createRequire(import.meta.url).resolve(`kafkajs/${FILE}`);
const RequestQueue = createRequire(import.meta.url)(installed) as new (o: object) => Queue;

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

describe('the patch', () => {
  it('is for the version that is installed', () => {
    const manifest: unknown = createRequire(import.meta.url)('kafkajs/package.json');
    expect(manifest).toMatchObject({ name: 'kafkajs', version: '2.2.4' });
  });

  it('is what differs between the installed file and the published one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hutong-patch-'));
    try {
      const copy = join(folder, 'node_modules/kafkajs', FILE);
      mkdirSync(dirname(copy), { recursive: true });
      copyFileSync(installed, copy);
      const apply = (...args: string[]) =>
        execFileSync('git', ['apply', ...args, patch], { cwd: folder, stdio: 'pipe' });
      apply('--reverse');
      expect(readFileSync(copy, 'utf8')).not.toContain('Nothing waits');
      apply();
      expect(readFileSync(copy, 'utf8')).toBe(readFileSync(installed, 'utf8'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
