/** One record of the ring, as it lies in its topic. */
export type RingRecord = Readonly<{
  topic: string;
  /** Event type without version. */
  type: string;
  source: string;
  /** Its source's count for this payment. */
  sequence: number;
  /** When the broker appended it. */
  appendedAt: Date;
  /** When it happened, as its producer says. */
  occurredAt: Date;
}>;

/** One step of a payment's way round. */
export type Hop = Readonly<{
  event: string;
  service: string;
  topic: string;
  /** Milliseconds since the first hop was announced. */
  atMs: number;
  /** Milliseconds since the hop before. */
  tookMs: number;
}>;

/** The records of one payment, from any topics in any order, as the way that the payment took. */
export function timelineOf(records: readonly RingRecord[]): Hop[] {
  const inOrder = inOrderOf(records);
  const [first] = inOrder;
  if (first === undefined) return [];
  const start = first.record.occurredAt.getTime();
  return inOrder.map(({ record, at }, index) => ({
    event: record.type,
    service: record.source,
    topic: record.topic,
    atMs: at - start,
    tookMs: at - (inOrder[index - 1]?.at ?? start),
  }));
}

/**
 * By the broker's time, and one service's by its own count: what it tells at once on two topics may be
 * appended the other way round, a millisecond apart.
 */
function inOrderOf(records: readonly RingRecord[]) {
  const latest = new Map<string, number>();
  return records
    .toSorted((a, b) => a.sequence - b.sequence)
    .map((record) => {
      const at = Math.max(record.appendedAt.getTime(), latest.get(record.source) ?? 0);
      latest.set(record.source, at);
      return { record, at };
    })
    .sort((a, b) => a.at - b.at);
}

/** The timeline as a table for a terminal. */
export function printTimeline(hops: readonly Hop[]): string {
  const widest = (pick: (hop: Hop) => string) => Math.max(...hops.map((hop) => pick(hop).length));
  const event = widest((hop) => hop.event);
  const service = widest((hop) => hop.service);
  return hops
    .map(
      (hop) =>
        `  ${hop.event.padEnd(event)}  ${hop.service.padEnd(service)}  ` +
        `${`+${hop.tookMs}`.padStart(6)} ms  ${String(hop.atMs).padStart(6)} ms  ${hop.topic}`,
    )
    .join('\n');
}
