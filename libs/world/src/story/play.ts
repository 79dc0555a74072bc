import type { Ring } from '../ring.js';
import { RING_SERVICES } from '../ring-services.js';
import type { Stage } from './stage.js';

/** Of each process: what it complained of last. */
const LAST_LINES = 20;

/**
 * Plays a scene. @throws Error as the scene does, with what the ring's processes complained of: their
 * logs go with the ring.
 */
export async function play<T, On = Stage>(
  ring: Ring,
  stage: On,
  scene: (stage: On) => Promise<T>,
): Promise<T> {
  try {
    return await scene(stage);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error([why, ...complaintsOf(ring)].join('\n'), { cause });
  }
}

const complaintsOf = (ring: Ring): string[] =>
  RING_SERVICES.flatMap((service) => ring.instancesOf(service)).flatMap((process) =>
    process
      .log()
      .split('\n')
      .filter((line) => /"level":"(warn|error|fatal)"/.test(line))
      .slice(-LAST_LINES)
      .map((line) => `${process.name}: ${line}`),
  );
