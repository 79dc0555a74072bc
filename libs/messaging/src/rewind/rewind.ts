import type { Clock } from '@hutong/config';
import { catalogue, type Service } from '@hutong/domain-events';
import type { Pool } from 'pg';
import { GroupOffsets, type Step } from '../group-offsets.js';
import type { KafkaSettings } from '../kafka-settings.js';
import { lastSequences, readMemory, type Memory } from './memory.js';

/** To which moment the database was put back, and how much earlier its group goes on, to be sure. */
export type RewindTo = Readonly<{ to: Date; marginMs: number }>;

/**
 * Takes up into the service's own tables what it told before and has forgotten, where hearing again would
 * not bring it back the same. Run twice, the second does nothing. @returns a line for each thing to say.
 */
export type Recall = (memory: Memory) => Promise<readonly string[]>;

export type RewindParts = Readonly<{
  service: Service;
  settings: KafkaSettings;
  /** Of the service's own database, restored. */
  pool: Pool;
  clock: Clock;
  recall: Recall;
  report: (line: string) => void;
}>;

/** A service whose database was restored to an earlier moment catches up with the ring. */
export class Rewind {
  constructor(private readonly parts: RewindParts) {}

  /** Changes nothing. @returns where the group would go back. @throws Error if it has members. */
  plan(order: RewindTo): Promise<readonly Step[]> {
    return this.withGroup((group) => this.stepsOf(group, order));
  }

  /**
   * Marks the time that is heard again, recalls what was told in it, goes on counting where others have heard
   * it count, and at last moves the group. Killed anywhere it is run again.
   * @throws Error if the group has members, or the log does not reach back so far.
   */
  apply(order: RewindTo, by: string): Promise<readonly Step[]> {
    const { service, settings, pool, clock, recall, report } = this.parts;
    return this.withGroup(async (group) => {
      const steps = await this.stepsOf(group, order);
      const now = clock.now();
      const since = heardFrom(order);
      await pool.query(
        `insert into rewinds (ordered_by, rewound_at, heard_from, heard_until)
         values ($1, $2, $3, $2)`,
        [by, now, since],
      );
      const memory = await readMemory(settings, { service, since });
      report(
        `the log has ${memory.told.length} events told and ${memory.heard.length} heard since`,
      );
      for (const line of await recall(memory)) report(line);
      await this.goOnCounting(memory);
      await group.go(steps);
      return steps;
    });
  }

  private async stepsOf(group: GroupOffsets, order: RewindTo): Promise<Step[]> {
    const { service, clock } = this.parts;
    const members = await group.members();
    if (members > 0) {
      throw new Error(
        `${members} members of ${service} are alive: stop every instance (a killed one is missed for 30 s)`,
      );
    }
    const heard = catalogue.filter(({ heardBy }) => heardBy.includes(service));
    const since = heardFrom(order);
    const days = Math.min(...heard.map(({ retentionDays }) => retentionDays));
    if (since.getTime() < clock.now().getTime() - days * DAY_MS) {
      throw new Error(
        `topics keep ${days} days: what came between is gone, and with it the way back`,
      );
    }
    if (order.to > clock.now()) throw new Error('--to lies in the future');
    return (await Promise.all(heard.map(({ name }) => group.backTo(name, since)))).flat();
  }

  /** Its events are numbered for each key: others have heard numbers that this database knows nothing of. */
  private async goOnCounting(memory: Memory): Promise<void> {
    const last = [...lastSequences(memory)];
    await this.parts.pool.query(
      `insert into outbox_sequences as s (key, last) select * from unnest($1::text[], $2::bigint[])
       on conflict (key) do update set last = greatest(s.last, excluded.last)`,
      [last.map(([key]) => key), last.map(([, n]) => n)],
    );
  }

  private async withGroup<T>(work: (group: GroupOffsets) => Promise<T>): Promise<T> {
    await using group = await GroupOffsets.connect(this.parts.settings, this.parts.service);
    return await work(group);
  }
}

const DAY_MS = 86_400_000;
const heardFrom = ({ to, marginMs }: RewindTo): Date => new Date(to.getTime() - marginMs);
