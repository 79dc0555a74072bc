import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { KafkaSettings } from '@hutong/messaging';

/** What a process does once at its start should not count. */
export type IdleTimes = Readonly<{ settleMs: number; measureMs: number }>;

const ANSWER_WITHIN_MS = 60_000;

/**
 * Percent of one core that a consumer takes on whose topic nothing happens, as a process of its own.
 * @param databaseUrl of a database with the library's tables, password included.
 */
export async function idleCpu(
  kafka: KafkaSettings,
  databaseUrl: string,
  { settleMs, measureMs }: IdleTimes,
): Promise<number> {
  const args = [kafka.brokers.join(','), kafka.namespace ?? '', databaseUrl];
  const child = fork(join(import.meta.dirname, 'idle/main.js'), args);
  try {
    await messageOf(child);
    await pause(settleMs);
    const [before, from] = [await cpuMicros(child), performance.now()];
    await pause(measureMs);
    const [after, to] = [await cpuMicros(child), performance.now()];
    return (100 * (after - before)) / ((to - from) * 1_000);
  } finally {
    child.kill('SIGKILL');
  }
}

async function cpuMicros(child: ChildProcess): Promise<number> {
  child.send('how much');
  return Number(await messageOf(child));
}

/** @throws Error if it says nothing for a minute, or ends. */
async function messageOf(child: ChildProcess): Promise<unknown> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error('the consumer ended');
  });
  const said = once(child, 'message', { signal }).then(([message]: unknown[]) => message);
  return Promise.race([said, ended]);
}
