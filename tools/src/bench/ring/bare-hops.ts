import { randomBytes, randomUUID } from 'node:crypto';
import { LOCAL_PARTITIONS } from '@hutong/domain-events';
import { BareClient, ensureTopics } from '@hutong/messaging';
import { createLogger } from '@hutong/telemetry';
import { Stopwatches } from '../hops/stopwatches.js';

/** Of an event of ours with its envelope and headers. */
const VALUE_BYTES = 512;
const logger = createLogger({ service: 'bench', level: 'error' });

/** Clients of bare kafkajs in a row, each sending on what it hears: what so many hops cost at the least. */
export class BareHops implements AsyncDisposable {
  private constructor(
    private readonly chain: readonly BareClient[],
    private readonly watches: Stopwatches,
  ) {}

  static async connect(brokers: readonly string[], hops: number): Promise<BareHops> {
    const kafka = { brokers: [...brokers], namespace: `bench-${randomBytes(5).toString('hex')}` };
    const names = Array.from({ length: hops }, (_, hop) => topicOf(hop));
    await ensureTopics({ ...kafka, partitions: LOCAL_PARTITIONS, names });
    const watches = new Stopwatches();
    const chain: BareClient[] = [];
    for (const [hop, topic] of names.entries()) {
      const sendOn = (id: string): void => {
        if (hop === hops - 1) watches.stop(id);
        else void chain[hop]?.send(topicOf(hop + 1), id, randomBytes(VALUE_BYTES));
      };
      chain.push(await BareClient.connect(kafka, { topic, group: topic, logger, heard: sendOn }));
    }
    return new BareHops(chain, watches);
  }

  /** One message after the other. @returns milliseconds from before the first is sent until the last is heard. */
  measure(count: number): Promise<number[]> {
    const value = randomBytes(VALUE_BYTES);
    const send = async (id: string): Promise<void> =>
      this.chain.at(-1)?.send(topicOf(0), id, value);
    return this.watches.each(count, randomUUID, send);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.chain.map((client) => client[Symbol.asyncDispose]()));
  }
}

const topicOf = (hop: number): string => `bare-${hop + 1}`;
