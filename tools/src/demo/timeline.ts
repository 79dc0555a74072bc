/** One record of the ring, as it lies in its topic. */
export type RingRecord = Readonly<{
  topic: string;
  /** Event type without version. */
  type: string;
  source: string;
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
  const inOrder = [...records].sort((a, b) => a.appendedAt.getTime() - b.appendedAt.getTime());
  const [first] = inOrder;
  if (first === undefined) return [];
  const start = first.occurredAt.getTime();
  return inOrder.map((record, index) => {
    const before = inOrder[index - 1]?.appendedAt.getTime() ?? start;
    return {
      event: record.type,
      service: record.source,
      topic: record.topic,
      atMs: record.appendedAt.getTime() - start,
      tookMs: record.appendedAt.getTime() - before,
    };
  });
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
