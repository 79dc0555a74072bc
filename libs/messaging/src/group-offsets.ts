import { createLogger } from '@hutong/telemetry';
import type { Admin } from 'kafkajs';
import { kafkaClient, PATIENT, physical, type KafkaSettings } from './kafka-settings.js';

/** Where a stopped group goes on in one partition, and where it would if it went back. */
export type Step = Readonly<{ topic: string; partition: number; committed: bigint; to: bigint }>;

/** Moves a group that nobody is a member of. */
export class GroupOffsets implements AsyncDisposable {
  private constructor(
    private readonly settings: KafkaSettings,
    private readonly group: string,
    private readonly admin: Admin,
  ) {}

  static async connect(settings: KafkaSettings, group: string): Promise<GroupOffsets> {
    const logger = createLogger({ service: 'group-offsets', level: 'error' });
    const admin = kafkaClient(settings, 'group-offsets', logger, PATIENT).admin();
    await admin.connect();
    return new GroupOffsets(settings, physical(settings, group), admin);
  }

  /** How many members it has: a killed one is missed for as long as its session lasts. */
  async members(): Promise<number> {
    const { groups } = await this.admin.describeGroups([this.group]);
    return groups.reduce((sum, { members }) => sum + members.length, 0);
  }

  /** Each partition that would go back to what was appended from `since` on; none goes forward. */
  async backTo(topic: string, since: Date): Promise<Step[]> {
    const name = physical(this.settings, topic);
    const ends = await this.admin.fetchTopicOffsets(name);
    const starts = await this.admin.fetchTopicOffsetsByTimestamp(name, since.getTime());
    const committed = await this.committedOn(name);
    return ends.flatMap(({ partition, high, low }) => {
      const start = BigInt(starts.find((one) => one.partition === partition)?.offset ?? high);
      const to = start < 0n ? BigInt(high) : start;
      const now = committed.get(partition) ?? BigInt(low);
      return to < now ? [{ topic, partition, committed: now, to }] : [];
    });
  }

  /** To the ends of a topic: nothing that is there now will be heard. */
  async toEnd(topic: string): Promise<void> {
    const ends = await this.admin.fetchTopicOffsets(physical(this.settings, topic));
    await this.set(
      topic,
      ends.map(({ partition, high }) => ({ partition, offset: high })),
    );
  }

  /** @throws kafkajs' error if the group has members. */
  async go(steps: readonly Step[]): Promise<void> {
    for (const [topic, own] of Map.groupBy(steps, (step) => step.topic)) {
      await this.set(
        topic,
        own.map(({ partition, to }) => ({ partition, offset: to.toString() })),
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.admin.disconnect();
  }

  private async set(topic: string, partitions: { partition: number; offset: string }[]) {
    const name = physical(this.settings, topic);
    await this.admin.setOffsets({ groupId: this.group, topic: name, partitions });
  }

  private async committedOn(name: string): Promise<Map<number, bigint>> {
    const [own] = await this.admin.fetchOffsets({ groupId: this.group, topics: [name] });
    const known = own?.partitions.filter(({ offset }) => BigInt(offset) >= 0n) ?? [];
    return new Map(known.map(({ partition, offset }) => [partition, BigInt(offset)]));
  }
}
