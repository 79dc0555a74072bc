import { expect, it } from '@jest/globals';
import {
  CHECKOUT_PAYMENTS,
  encodeEnvelope,
  GATEWAY_REPORTS,
  keyOf,
  type DomainEvent,
} from '@hutong/domain-events';
import { aCloseRequested, anAttemptFailed, anEventId, aPaymentRequested } from '@hutong/testing';
import type { RawRecord } from './raw-record.js';
import { carries, readRecord } from './read-record.js';

const id = anEventId();
const occurredAt = new Date('2026-11-24T08:00:00.000Z');
const businessTime = new Date('2021-07-01T00:00:00.000Z');
const appendedAt = new Date('2026-11-24T08:00:01.000Z');
const textOf = (event: DomainEvent) =>
  encodeEnvelope({ id, source: 'checkout', occurredAt, sequence: 3, businessTime, event });

const event = aPaymentRequested({ description: '互通' });
const good: RawRecord = {
  topic: CHECKOUT_PAYMENTS,
  partition: 1,
  offset: 7n,
  appendedAt,
  key: Buffer.from(keyOf(event)),
  value: Buffer.from(textOf(event)),
  headers: [],
};
const altered = (from: string, to: string) => Buffer.from(textOf(event).replace(from, to));

it('reads an event with where, when and by whom it was told', () => {
  expect(readRecord(good)).toEqual({
    ok: true,
    value: {
      event,
      eventId: id,
      source: 'checkout',
      occurredAt,
      sequence: 3,
      businessTime,
      appendedAt,
      topic: CHECKOUT_PAYMENTS,
      partition: 1,
      offset: 7n,
    },
  });
});

it('accepts fields that it does not know', () => {
  const value = altered('"data":{', '"region":"cn-east","data":{"colour":"red",');
  expect(readRecord({ ...good, value })).toMatchObject({ ok: true });
});

/** 互 with its last byte missing, inside of a text that is JSON otherwise. */
const cut = () => {
  const value = Buffer.from(textOf(event));
  value[value.indexOf(Buffer.from('互')) + 2] = 0x20;
  return value;
};

it.each<[what: string, record: Partial<RawRecord>, code: string]>([
  ['a tombstone', { value: null }, 'tombstone'],
  ['no bytes', { value: Buffer.alloc(0) }, 'not_json'],
  ['bytes that are no text', { value: Buffer.from([0xff, 0xfe]) }, 'not_utf8'],
  ['a text with a broken letter', { value: cut() }, 'not_utf8'],
  ['what is not JSON', { value: Buffer.from('{') }, 'not_json'],
  ['JSON of something else', { value: Buffer.from('[]') }, 'envelope_invalid'],
  ['null', { value: Buffer.from('null') }, 'envelope_invalid'],
  ['an unknown type', { value: altered('.requested.v', '.unheard_of.v') }, 'type_unknown'],
  ['an unknown version', { value: altered('.requested.v1', '.requested.v9') }, 'version_unknown'],
  ['no amount', { value: altered('"amount"', '"sum"') }, 'data_invalid'],
  ['another topic', { topic: GATEWAY_REPORTS }, 'type_misplaced'],
  ['no key', { key: null }, 'key_misplaced'],
  ['the key of another payment', { key: Buffer.from(keyOf(aCloseRequested())) }, 'key_misplaced'],
  ['a key that is no text', { key: Buffer.from([0xff]) }, 'key_misplaced'],
  [
    'another subject',
    { value: altered(`"subject":"${keyOf(event)}"`, '"subject":"x"') },
    'envelope_invalid',
  ],
])('refuses %s', (_, record, code) => {
  expect(readRecord({ ...good, ...record })).toMatchObject({ ok: false, refusal: { code } });
});

it('says no value of anybody when it refuses', () => {
  const value = altered('"CNY"', '"6222021234567890"');
  expect(JSON.stringify(readRecord({ ...good, value }))).not.toContain('6222');
});

it('knows which topic carries which event', () => {
  expect(carries(GATEWAY_REPORTS, anAttemptFailed().type)).toBe(true);
  expect(carries(CHECKOUT_PAYMENTS, anAttemptFailed().type)).toBe(false);
});
