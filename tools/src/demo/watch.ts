import { setTimeout as pause } from 'node:timers/promises';
import { Refused, type Ring, type RingOptions } from '@hutong/world';

type Told = NonNullable<RingOptions['ended']>;
type End = Parameters<Told>[0];

/** A connection breaks a moment before the end of the process behind it is known. */
const KNOWN_WITHIN_MS = 1_000;

/** A process of the ring is gone, and the demo cannot go on without it. */
export class ServiceEnded extends Error {
  readonly service: string;

  constructor({ name, how, tail }: End) {
    super(`${name} ended unasked with ${how}, its last lines:\n${indented(tail)}`);
    this.service = name;
  }
}

/**
 * Looks after the processes of the ring. One that ends unasked is said at once; what is done then fails
 * of it, until the watch is told to start it again instead.
 */
export class Watch {
  private readonly lost = Promise.withResolvers<never>();
  private isOver = false;
  private ends = 0;
  private ring: Pick<Ring, 'restart'> | undefined;
  private restarting: Promise<void> = Promise.resolve();

  /**
   * @param say takes one line.
   * @param signal ends whatever is done, and with it the watch.
   */
  constructor(
    private readonly say: (line: string) => void,
    private readonly signal: AbortSignal,
  ) {
    this.lost.promise.catch(() => undefined); // whoever does something then is told
    const abort = () => this.lost.reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  }

  /** For the ring to tell. The sandbox keeps its orders in memory: it is never started again. */
  readonly ended: Told = (end, service) => {
    if (this.isOver || this.signal.aborted) return;
    this.ends += 1;
    const fault = new ServiceEnded(end);
    this.say(`!! ${fault.message}`);
    if (this.ring === undefined || service === undefined) return this.lost.reject(fault);
    const { ring } = this;
    const again = async () => {
      this.say(`${end.name} is started again: nothing that it promised is lost with it`);
      await ring.restart(service);
      this.say(`${end.name} is back`);
    };
    this.restarting = this.restarting.then(again).catch((cause: unknown) => {
      this.lost.reject(new Error(`${end.name} did not come back: ${messageOf(cause)}`, { cause }));
    });
  };

  /** From now on a service that ends is started again. */
  restartIn(ring: Pick<Ring, 'restart'>): void {
    this.ring = ring;
  }

  /** From now on everything is stopped: what ends was asked to. */
  over(): void {
    this.isOver = true;
  }

  /** Does it; fails at once if a process is lost meanwhile. @throws ServiceEnded, or what it threw. */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    const ends = this.ends;
    try {
      return await Promise.race([this.lost.promise, work()]);
    } catch (cause) {
      if (!(cause instanceof Refused)) await this.endKnown(ends);
      throw cause;
    }
  }

  /** Does it, and once more whenever it failed while a service was away. @throws as `guard`. */
  async outlast<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      await Promise.race([this.lost.promise, this.restarting]);
      const ends = this.ends;
      try {
        return await this.guard(work);
      } catch (cause) {
        if (this.ends === ends) throw cause;
      }
    }
  }

  /** Waits a moment for the end of a process that may be why something failed. */
  private async endKnown(ends: number): Promise<void> {
    const until = performance.now() + KNOWN_WITHIN_MS;
    while (this.ends === ends && performance.now() < until) {
      await Promise.race([this.lost.promise, pause(20)]);
    }
    await Promise.race([this.lost.promise, pause(0)]);
  }
}

const messageOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
