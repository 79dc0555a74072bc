import { setTimeout as pause } from 'node:timers/promises';
import { catalogue } from '@hutong/domain-events';
import { GroupOffsets } from '@hutong/messaging';
import type { RingService } from '@hutong/world';
import { startAgain } from './start-again.js';
import type { Machines } from './strike.js';

/** A member that was killed before is missed for as long as its session lasts. */
const EMPTY_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 500;

/**
 * Stops a service in good order and sets its group back to what was appended `backMs` ago, as if nobody
 * had kept what it committed since: all of that is delivered to it again.
 * @returns how many records those are. @throws Error if somebody stays in the group.
 */
export async function setBackOffsets(
  { ring, broker, scraper, signal }: Machines,
  service: RingService,
  backMs: number,
): Promise<bigint> {
  for (const process of ring.instancesOf(service)) {
    await scraper.lookAt(service, process);
    await process.stop();
  }
  const since = new Date(Date.now() - backMs);
  const topics = catalogue.filter(({ heardBy }) => heardBy.includes(service));
  await using group = await GroupOffsets.connect({ brokers: broker.brokers }, service);
  await untilEmpty(group, signal);
  const steps = await Promise.all(topics.map(({ name }) => group.backTo(name, since)));
  await group.go(steps.flat());
  await startAgain(ring, service);
  return steps.flat().reduce((sum, { committed, to }) => sum + committed - to, 0n);
}

async function untilEmpty(group: GroupOffsets, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + EMPTY_WITHIN_MS;
  while ((await group.members()) > 0) {
    if (Date.now() > deadline)
      throw new Error(`somebody is in the group after ${EMPTY_WITHIN_MS} ms`);
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
}
