import { catalogue, type Service } from '@hutong/domain-events';
import type { KafkaSettings } from '../kafka-settings.js';
import { LogReader } from '../log-reader.js';
import { readRecord } from '../read-record.js';
import type { Received } from '../received.js';

/**
 * What the log remembers of the time that a database has lost: what the service told, and what it was told,
 * each in the order in which it was appended.
 */
export type Memory = Readonly<{ told: readonly Received[]; heard: readonly Received[] }>;

/** @throws Error if the broker gives nothing for 30 s. */
export async function readMemory(
  settings: KafkaSettings,
  { service, since }: Readonly<{ service: Service; since: Date }>,
): Promise<Memory> {
  const reader = new LogReader({ settings, group: `${service}.rewind`, since });
  const told: Received[] = [];
  const heard: Received[] = [];
  for (const { name, producedBy, heardBy } of catalogue) {
    const [isTold, isHeard] = [producedBy.includes(service), heardBy.includes(service)];
    if (!isTold && !isHeard) continue;
    for (const record of await reader.read(name)) {
      const read = readRecord({ ...record, topic: name });
      if (!read.ok) continue; // it was parked when it was heard, and will be again
      if (isHeard) heard.push(read.value);
      // Gateways share a topic: the others' words are not this one's.
      else if (read.value.source === service) told.push(read.value);
    }
  }
  return { told: told.toSorted(asAppended), heard: heard.toSorted(asAppended) };
}

/** Within a partition by offset; across topics the broker's clock is all there is. */
export const asAppended = (a: Received, b: Received): number =>
  a.topic === b.topic && a.partition === b.partition
    ? Number(a.offset - b.offset)
    : a.appendedAt.getTime() - b.appendedAt.getTime();

/** The last number that the service gave to each key. */
export function lastSequences({ told }: Memory): Map<string, number> {
  const last = new Map<string, number>();
  for (const { event, sequence } of told) {
    const key = 'paymentId' in event ? event.paymentId : undefined;
    if (key !== undefined) last.set(key, Math.max(sequence, last.get(key) ?? 0));
  }
  return last;
}
