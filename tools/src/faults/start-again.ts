import type { Ring, RingService } from '@hutong/world';

/**
 * Starts what has ended of a service. A minute is not enough on a busy machine: it is waited for a second
 * time, unless it has ended. @throws what the start threw, if one has.
 */
export async function startAgain(
  ring: Pick<Ring, 'restart' | 'instancesOf'>,
  service: RingService,
): Promise<void> {
  try {
    await ring.restart(service);
  } catch (cause) {
    const again = ring.instancesOf(service);
    if (again.some(({ exited }) => exited)) throw cause;
    await Promise.all(again.map((process) => process.ready()));
  }
}
