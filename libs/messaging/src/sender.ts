import type { CompressionTypes, Kafka, Producer, TopicMessages } from 'kafkajs';
import type { Logger } from '@hutong/telemetry';
import { kafkaClient, NO_RETRY, PRODUCER, type KafkaSettings } from './kafka-settings.js';

/** The broker did not acknowledge; what was sent may or may not be in the log. Send it again. */
export class SendRejected extends Error {
  constructor(cause: unknown) {
    super('the broker did not acknowledge', { cause });
    this.name = 'SendRejected';
  }
}

/**
 * Sends and waits for the acknowledgement of all in-sync replicas. **After any rejected send the
 * producer is thrown away** and the next send builds a new one: a producer that is kept may
 * acknowledge a record which the log does not hold.
 */
export class Sender {
  private readonly kafka: Kafka;
  private producer: Promise<Producer> | undefined;

  constructor(
    settings: KafkaSettings,
    clientId: string,
    private readonly logger: Logger,
  ) {
    this.kafka = kafkaClient(settings, clientId, logger, NO_RETRY);
  }

  /** Resolves once everything is acknowledged. @throws SendRejected if anything was not. */
  async send(topicMessages: TopicMessages[], compression?: CompressionTypes): Promise<void> {
    const current = (this.producer ??= this.connect());
    const batch = { acks: -1, topicMessages, ...(compression !== undefined && { compression }) };
    try {
      await (await current).sendBatch(batch);
    } catch (cause) {
      if (this.producer === current) this.producer = undefined;
      void this.discard(current);
      throw new SendRejected(cause);
    }
  }

  async close(): Promise<void> {
    const last = this.producer;
    this.producer = undefined;
    if (last !== undefined) await this.discard(last);
  }

  private async connect(): Promise<Producer> {
    const producer = this.kafka.producer(PRODUCER);
    await producer.connect();
    return producer;
  }

  /** In the background: a broker that does not answer must not hold up the next producer. */
  private async discard(producer: Promise<Producer>): Promise<void> {
    try {
      await (await producer).disconnect();
    } catch {
      this.logger.warn('a producer was thrown away without a clean end');
    }
  }
}
