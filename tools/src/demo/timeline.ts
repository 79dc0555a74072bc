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
  /** Where it was told; a booking is told to nobody, and seen in the ledger's answers. */
  topic?: string | undefined;
  /** Milliseconds since the first hop was announced. */
  atMs: number;
  /** Milliseconds since the hop before, or since the payer had paid. */
  tookMs: number;
  /** Milliseconds since the hop before in which everybody waited for the payer. */
  payerMs?: number;
}>;

/** What no topic tells, each as it was measured. */
export type Marks = Readonly<{
  /** When the payer pressed the button, by the provider's own books. */
  paidAt?: Date | undefined;
  /** When the ledger was first seen to have booked it: looked for all the time, so soon after. */
  bookedAt?: Date | undefined;
}>;

/** The records of one payment, from any topics in any order, as the way that the payment took. */
export function timelineOf(records: readonly RingRecord[], marks: Marks = {}): Hop[] {
  const inOrder = inOrderOf(records);
  const [first] = inOrder;
  if (first === undefined) return [];
  const start = first.record.occurredAt.getTime();
  const hops = inOrder.map(({ record, at }, index): Hop => {
    const before = inOrder[index - 1]?.at ?? start;
    const hop = { event: record.type, service: record.source, topic: record.topic };
    const payerMs = record.type === WAITED_FOR ? waited(before, at, marks.paidAt) : undefined;
    return {
      ...hop,
      atMs: at - start,
      tookMs: at - before - (payerMs ?? 0),
      ...(payerMs !== undefined && { payerMs }),
    };
  });
  return marks.bookedAt === undefined ? hops : [...hops, booking(hops, marks.bookedAt, start)];
}

/** What a gateway tells once the payer has paid: until then it is not the system that takes time. */
const WAITED_FOR = 'attempt.succeeded';

/** How much of the time between two hops was the payer's. */
const waited = (before: number, at: number, paidAt: Date | undefined): number | undefined =>
  paidAt === undefined ? undefined : Math.min(Math.max(paidAt.getTime(), before), at) - before;

function booking(hops: readonly Hop[], bookedAt: Date, start: number): Hop {
  const last = hops.at(-1)?.atMs ?? 0;
  const atMs = Math.max(bookedAt.getTime() - start, last);
  return { event: 'booked', service: 'ledger', atMs, tookMs: atMs - last };
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
        `${`+${hop.tookMs}`.padStart(6)} ms  ${String(hop.atMs).padStart(6)} ms  ${whereOf(hop)}`,
    )
    .join('\n');
}

const whereOf = ({ topic = "seen in the ledger's books", payerMs }: Hop): string =>
  payerMs === undefined ? topic : `${topic}, after ${payerMs} ms of the payer's`;
