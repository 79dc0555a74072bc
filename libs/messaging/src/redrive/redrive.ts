import type { Clock } from '@hutong/config';
import { parkedTopic, type Service, type Topic } from '@hutong/domain-events';
import type { Pool } from 'pg';
import type { KafkaSettings } from '../kafka-settings.js';
import { LogReader } from '../log-reader.js';
import { wait } from '../wait.js';
import {
  isChosen,
  newestOf,
  originOf,
  parkedCopy,
  type Chosen,
  type ParkedCopy,
} from './parked-copy.js';
import { RedrivesRepository, type KeyInTrouble, type Redriven } from './redrives.repository.js';

/**
 * Where a parked record stands: it can be put back; it was, and waits, was handled, or was parked again; or
 * this release cannot read it either, and would only park it once more.
 */
export type Standing = 'ready' | 'queued' | 'handled' | 'parked_again' | 'unreadable';
export type Parked = Readonly<{ copy: ParkedCopy; standing: Standing }>;

/** Everything of what was asked for that a group has set aside. */
export type Listing = Readonly<{ parked: readonly Parked[]; keys: readonly KeyInTrouble[] }>;

export type Applying = Readonly<{
  /** Whoever orders it, for the audit. */
  by: string;
  /** Records a second, at most. */
  rate: number;
  /** Also what was parked again after it had been put back. */
  again: boolean;
  /** So long the group may take for what was put back before it counts as waiting. */
  waitMs: number;
}>;

export type RedriveParts = Readonly<{
  service: Service;
  settings: KafkaSettings;
  /** Of the service's own database. */
  pool: Pool;
  clock: Clock;
  /** Told of each record, a line. */
  report: (line: string) => void;
}>;

type Known = ReadonlyMap<string, Redriven>;

const LOOK_EVERY_MS = 200;

/** What one service's group has set aside, and putting it back. Only one runs at a time. */
export class Redrive {
  private readonly redrives: RedrivesRepository;
  private readonly reader: LogReader;

  constructor(private readonly parts: RedriveParts) {
    const { settings, service, pool, clock } = parts;
    this.redrives = new RedrivesRepository(pool, clock);
    this.reader = new LogReader({ settings, group: `${service}.redrive` });
  }

  /** Changes nothing. @throws Error if a redrive of this service runs, or the broker gives nothing. */
  list(chosen: Chosen): Promise<Listing> {
    return this.redrives.alone(() => this.see(chosen));
  }

  /** Puts back what can be, in the order in which it was told. @returns how that ended. */
  apply(chosen: Chosen, { by, rate, again, waitMs }: Applying): Promise<Listing> {
    return this.redrives.alone(async () => {
      const before = await this.see(chosen, this.conclude);
      const never = new AbortController().signal;
      const wanted = before.parked.filter(
        ({ standing }) => standing === 'ready' || (again && standing === 'parked_again'),
      );
      for (const [n, { copy }] of wanted.entries()) {
        if (n > 0) await wait(1_000 / rate, never);
        await this.redrives.putBack(copy, by);
        this.parts.report(`put back ${n + 1} of ${wanted.length}: ${copy.key} ${originOf(copy)}`);
      }
      await this.untilTaken(chosen.topics, waitMs);
      return this.see(chosen, this.conclude);
    });
  }

  private readonly conclude = (copies: readonly ParkedCopy[], known: Known): Promise<void> =>
    this.redrives.conclude(copies, known);

  private async see(
    chosen: Chosen,
    seen: (copies: readonly ParkedCopy[], known: Known) => Promise<void> = () => Promise.resolve(),
  ): Promise<Listing> {
    const { topics } = chosen;
    // Before the topics are read: what is parked again has its new copy before it leaves the queue.
    const known = await this.redrives.known(topics);
    const copies = await this.copiesOf(topics);
    await seen(copies, known);
    const parked = copies
      .filter((copy) => isChosen(copy, chosen))
      .map((copy) => ({ copy, standing: standingOf(copy, known.get(originOf(copy))) }));
    const keys = await this.redrives.keysInTrouble(topics);
    return { parked, keys: keys.filter((one) => isAbout(one, chosen)) };
  }

  private async copiesOf(topics: readonly Topic[]): Promise<ParkedCopy[]> {
    const copies: ParkedCopy[] = [];
    // One after another: as one group they would share what they read.
    for (const topic of topics) {
      const records = await this.reader.read(parkedTopic(topic, this.parts.service));
      copies.push(...records.flatMap((record) => parkedCopy(record) ?? []));
    }
    return newestOf(copies);
  }

  /** Until nothing waits that was put back, or for as long as that may take. */
  private async untilTaken(topics: readonly Topic[], waitMs: number): Promise<void> {
    const over = AbortSignal.timeout(waitMs);
    while (!over.aborted) {
      const known = [...(await this.redrives.known(topics)).values()];
      if (!known.some(({ stillQueued }) => stillQueued)) return;
      await wait(LOOK_EVERY_MS, over);
    }
  }
}

/** A copy from behind the one that was put back was parked since: whether or not that was concluded yet. */
export function standingOf(copy: ParkedCopy, before: Redriven | undefined): Standing {
  if ('unreadable' in copy.reads) return 'unreadable';
  if (before === undefined) return 'ready';
  if (before.stillQueued) return 'queued';
  return copy.parkedOffset > before.parkedOffset ? 'parked_again' : 'handled';
}

const isAbout = (one: KeyInTrouble, { key, errorCode }: Chosen): boolean =>
  (key === undefined || one.key === key) &&
  (errorCode === undefined || one.errorCode === errorCode);
