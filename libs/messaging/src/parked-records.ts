import { parkedTopic, type Service } from '@hutong/domain-events';
import { physical, type KafkaSettings } from './kafka-settings.js';
import { sendableHeaders, type RawHeader, type RawRecord } from './raw-record.js';
import type { Sender } from './sender.js';

/** Why a record is set aside, and since when it was tried. */
export type ParkReason = Readonly<{
  /** `unreadable`: nobody could read it. `refused`: the handler's own `park(reason)`. */
  errorClass: 'unreadable' | 'refused';
  errorCode: string;
  detail: string;
  attempts: number;
  firstFailedAt: Date;
}>;

/** Writes what a group cannot handle to `<topic>.<group>.parked`, with where it came from and why. */
export class ParkedRecords {
  constructor(
    private readonly sender: Sender,
    private readonly o: Readonly<{ settings: KafkaSettings; service: Service }>,
  ) {}

  /** Original bytes, key and headers, and `dlt.*` headers. @throws SendRejected: then the offset stays. */
  async write(record: RawRecord, why: ParkReason): Promise<void> {
    const { settings, service } = this.o;
    const headers = sendableHeaders([
      ...withoutProvenance(record),
      ...this.provenance(record, why),
    ]);
    const { key, value } = record;
    await this.sender.send([
      {
        topic: physical(settings, parkedTopic(record.topic, service)),
        messages: [{ key, value, headers }],
      },
    ]);
  }

  private provenance(record: RawRecord, why: ParkReason): RawHeader[] {
    return Object.entries({
      'dlt.original-topic': record.topic,
      'dlt.original-partition': String(record.partition),
      'dlt.original-offset': String(record.offset),
      'dlt.original-timestamp': record.appendedAt.toISOString(),
      'dlt.group': this.o.service,
      'dlt.error-class': why.errorClass,
      'dlt.error-code': why.errorCode,
      'dlt.error-detail': why.detail,
      'dlt.attempts': String(why.attempts),
      'dlt.first-failed-at': why.firstFailedAt.toISOString(),
    }).map(([name, value]) => [name, Buffer.from(value)]);
  }
}

/** A redriven record that is parked again tells of this time, not of both. */
const withoutProvenance = (record: RawRecord): readonly RawHeader[] =>
  record.headers.filter(([name]) => !name.startsWith('dlt.'));
