import type { Ring, RingOptions } from '@hutong/world';
import type { Diary } from './diary.js';

type Ended = NonNullable<RingOptions['ended']>;

/** What a service says when its consumer has crashed for good: whoever runs it starts it again. */
const GIVES_UP = '"event":"service crashed"';

/** Starts services again that end by themselves, as a cluster does, and keeps what may not be. */
export class Supervisor {
  /** Of processes that ended without a word, or can not be started again. */
  readonly faults: string[] = [];
  /** Names of those that gave up for a reason, and were started again. */
  readonly startedAgain: string[] = [];
  private ring: Pick<Ring, 'restart'> | undefined;
  private isOver = false;

  constructor(
    private readonly diary: Diary,
    private readonly signal: AbortSignal,
  ) {}

  /** From now on. */
  watch(ring: Pick<Ring, 'restart'>): void {
    this.ring = ring;
  }

  /** From now on everything is stopped: what ends was asked to. */
  over(): void {
    this.isOver = true;
  }

  readonly ended: Ended = ({ name, how, tail }, service) => {
    if (this.isOver || this.signal.aborted) return;
    this.diary.machines(`${name} ended by itself with ${how}`);
    if (service === undefined || this.ring === undefined || !tail.includes(GIVES_UP)) {
      this.faults.push(`${name} ended by itself with ${how}: ${tail}`);
    }
    if (service === undefined || this.ring === undefined) return;
    this.startedAgain.push(name);
    this.ring
      .restart(service)
      .then(() => this.diary.machines(`${name} was started again`))
      .catch((cause: unknown) => this.faults.push(`${name} did not come back: ${String(cause)}`));
  };
}
