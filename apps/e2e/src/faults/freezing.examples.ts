import { spawnSync } from 'node:child_process';
import { eventually } from '@hutong/testing';
import type { Gate, Ring, RingService, ServiceProcess, Waiting } from '@hutong/world';
import { WITHIN_MS } from './ways.examples.js';

/** @throws Error if it is none of the service's. */
export function instanceOf(ring: Ring, service: RingService, name: string): ServiceProcess {
  const found = ring.instancesOf(service).find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} is no instance of ${service}`);
  return found;
}

export const isFrozen = ({ pid }: ServiceProcess): boolean =>
  spawnSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' }).stdout.startsWith('T');

/** Who stands first where whoever comes has to wait. @param what stands there, in the words of the error. */
export const firstAt = (place: Pick<Gate, 'waiting'>, what: string): Promise<Waiting> =>
  eventually(async () => (await place.waiting())[0], { withinMs: WITHIN_MS, what });

/** Something that takes its time, as it is seen from outside. */
export type Middle = Readonly<{
  /** Whether it has begun; looked at often. */
  begun: () => Promise<boolean>;
  /** Which instance does it. */
  by: () => Promise<string | undefined>;
  /** Whether it goes on; looked at once nobody can go on with it any more. */
  still: () => Promise<boolean>;
}>;

/**
 * Freezes an instance in the middle of something: tries again with the next time that it is begun, until
 * the instance stands still and what it is in the middle of has not ended in the meantime.
 */
export const frozenIn = (
  ring: Ring,
  service: RingService,
  { begun, by, still }: Middle,
): Promise<ServiceProcess> =>
  eventually(
    async () => {
      if (!(await begun())) return undefined;
      const name = await by();
      if (name === undefined) return undefined;
      const instance = instanceOf(ring, service, name);
      instance.signal('SIGSTOP');
      await eventually(() => isFrozen(instance), { what: `${name} to stand still` });
      if (await still()) return instance;
      instance.signal('SIGCONT');
      return undefined;
    },
    { withinMs: WITHIN_MS, what: `${service} to be frozen in the middle` },
  );

/** Freezes who stands at the gate, in an open transaction, and lets all others through. */
export async function frozenAt(
  ring: Ring,
  service: RingService,
  gate: Gate,
): Promise<ServiceProcess> {
  let first: Waiting | undefined;
  const frozen = await frozenIn(ring, service, {
    begun: async () => {
      [first] = await gate.waiting();
      return first !== undefined;
    },
    by: async () => Promise.resolve(first?.instance),
    still: async () => (await gate.waiting()).some(({ backend }) => backend === first?.backend),
  });
  await gate.open();
  return frozen;
}
