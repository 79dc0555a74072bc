import type { Logger } from '@hutong/telemetry';
import type { Consumer, Producer } from 'kafkajs';
import {
  consumerConfig,
  kafkaClient,
  NO_RETRY,
  PATIENT,
  physical,
  PRODUCER,
  type KafkaSettings,
} from './kafka-settings.js';

/**
 * kafkajs by itself, with the very settings of our senders and consumers and nothing of ours around it:
 * what benches compare with.
 */
export class BareClient implements AsyncDisposable {
  private constructor(
    private readonly settings: KafkaSettings,
    private readonly producer: Producer,
    private readonly consumer: Consumer,
  ) {}

  /** Joins the group and hears the topic. @param heard gets the key of each record. */
  static async connect(
    settings: KafkaSettings,
    o: Readonly<{ topic: string; group: string; logger: Logger; heard: (key: string) => void }>,
  ): Promise<BareClient> {
    const producer = kafkaClient(settings, 'bare-producer', o.logger, NO_RETRY).producer(PRODUCER);
    const consumer = kafkaClient(settings, 'bare-consumer', o.logger, PATIENT).consumer(
      consumerConfig(settings, o.group),
    );
    await Promise.all([producer.connect(), consumer.connect()]);
    await consumer.subscribe({ topics: [physical(settings, o.topic)], fromBeginning: true });
    const joined = new Promise<void>((resolve) => {
      consumer.on(consumer.events.GROUP_JOIN, () => resolve());
    });
    await consumer.run({
      eachMessage: async ({ message }) => o.heard(message.key?.toString() ?? ''),
    });
    await joined;
    return new BareClient(settings, producer, consumer);
  }

  /** One record in one request, acknowledged by all in-sync replicas. */
  async send(topic: string, key: string, value: Buffer): Promise<void> {
    const messages = [{ key, value }];
    await this.producer.send({ acks: -1, topic: physical(this.settings, topic), messages });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.producer.disconnect(), this.consumer.disconnect()]);
  }
}
