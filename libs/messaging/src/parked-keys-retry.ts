import { callHandler } from './call-handler.js';
import type { Delivery, DeliveryParts } from './delivery.js';
import { faultName } from './fault-name.js';
import { inTraceOf } from './in-trace-of.js';
import type { QueuedRecord, Turn, TurnEnd } from './parked-keys.repository.js';
import { readRecord } from './read-record.js';
import { parkedDelayMs } from './retry-delays.js';
import { wait } from './wait.js';

/** Records of one key per turn: what is done is then committed, and other keys have theirs. */
const PER_TURN = 50;

/**
 * Tries the queues of parked keys again, in order, whichever instance they were parked by: the row
 * lock of a key lets one at it. Survives restarts, since all it knows is in the tables.
 */
export class ParkedKeysRetry {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly parts: DeliveryParts,
    private readonly delivery: Delivery,
    private readonly o: Readonly<{ everyMs: number }>,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** The record in hand is finished. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      if (!(await this.turn())) await wait(this.o.everyMs, signal);
    }
  }

  /** @returns whether there was a key to try. */
  private async turn(): Promise<boolean> {
    const { keys, clock, metrics, logger } = this.parts;
    try {
      const taken = await keys.takeTurn(clock.now(), (turn) => this.drain(turn));
      metrics.parkedKeys.set(await keys.count());
      return taken;
    } catch (fault) {
      logger.error('parked keys could not be tried', {}, fault);
      return false;
    }
  }

  private async drain(turn: Turn): Promise<TurnEnd> {
    for (const queued of await turn.head(PER_TURN)) {
      if (this.stopping.signal.aborted) return this.more();
      const ended = await inTraceOf(queued.record, async () => {
        const fault = await this.tryOne(queued, turn);
        return fault && this.failed(turn, fault.value);
      });
      if (ended !== undefined) return ended;
      await turn.remove(queued);
    }
    return (await turn.head(1)).length === 0 ? { kind: 'drained' } : this.more();
  }

  private more(): TurnEnd {
    return { kind: 'more', nextAttemptAt: this.parts.clock.now() };
  }

  /** @returns the fault, if the record must stay at the head of its queue. */
  private async tryOne({ record }: QueuedRecord, { due }: Turn): Promise<Fault | undefined> {
    const { metrics, handlers } = this.parts;
    const read = readRecord(record);
    // It could be read when it was queued; this release has given that up.
    if (!read.ok) return faultOf(this.delivery.parkUnreadable(record, read.refusal));
    const handler = handlers.for(record.topic, read.value.event.type);
    const { topic } = record;
    const { type } = read.value.event;
    if (handler === undefined) {
      metrics.outcomes.inc({ topic, type, outcome: 'skipped' });
      return undefined;
    }
    // Its key has given way to others for long: there is no holding back any more.
    const received = { ...read.value, heldMs: Infinity };
    const answer = await callHandler(handler, received, metrics);
    if (answer.kind === 'hold') return { value: new Error('held beyond all patience') };
    if (answer.kind === 'failed') {
      metrics.outcomes.inc({ topic, type, outcome: 'retried' });
      return { value: answer.fault };
    }
    if (answer.kind === 'park') {
      const tried = { attempts: due.attempts + 1, since: due.firstFailedAt };
      const fault = await faultOf(this.delivery.parkRefused(record, answer.reason, tried));
      if (fault !== undefined) return fault;
    }
    metrics.outcomes.inc({ topic, type, outcome: answer.kind === 'done' ? 'done' : 'parked' });
    return undefined;
  }

  private failed({ due }: Turn, fault: unknown): TurnEnd {
    const { clock, delays, logger } = this.parts;
    const attempts = due.attempts + 1;
    const delayMs = parkedDelayMs(delays, attempts);
    logger.error(
      'a parked key failed again',
      { topic: due.topic, tries: attempts, delayMs },
      fault,
    );
    const nextAttemptAt = new Date(clock.now().getTime() + delayMs);
    return { kind: 'failed', fault: faultName(fault), attempts, nextAttemptAt };
  }
}

type Fault = Readonly<{ value: unknown }>;

async function faultOf(work: Promise<unknown>): Promise<Fault | undefined> {
  try {
    await work;
    return undefined;
  } catch (value) {
    return { value };
  }
}
