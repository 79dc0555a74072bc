import { catalogue, decodeEnvelope, type Topic } from '@hutong/domain-events';
import type { ProbedRecord, TopicProbe } from '@hutong/messaging';
import type { RingRecord } from './timeline.js';

/** Every record of one payment, from all topics of the ring. */
export async function recordsOf(probe: TopicProbe, paymentId: string): Promise<RingRecord[]> {
  const topics = await Promise.all(
    catalogue.map(async ({ name }) => {
      const records = await probe.records(name);
      return records.filter(({ key }) => key === paymentId).map((one) => readable(name, one));
    }),
  );
  return topics.flat();
}

/** @throws Error on what no service of ours can read either. */
function readable(topic: Topic, record: ProbedRecord): RingRecord {
  const envelope = decodeEnvelope(record.value ?? '');
  if (!envelope.ok) throw new Error(`${topic} holds an event that is ${envelope.refusal.code}`);
  const { event, source, sequence, occurredAt } = envelope.value;
  const { appendedAt } = record;
  return { topic, type: event.type, source, sequence, appendedAt, occurredAt };
}
