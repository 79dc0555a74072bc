import { describe, expect, it } from '@jest/globals';
import { CHECKOUT_PAYMENTS } from '@hutong/domain-events';
import type { IHeaders } from 'kafkajs';
import { headerText, queueKey, rawHeaders, rawRecord, sendableHeaders } from './raw-record.js';

const aRecordWith = (key: Buffer | null, headers: IHeaders = {}) =>
  rawRecord(CHECKOUT_PAYMENTS, 2, {
    key,
    value: Buffer.from('v'),
    timestamp: '1764000000000',
    offset: '9007199254740993',
    attributes: 0,
    headers,
  });

it('keeps an offset beyond what a number holds', () => {
  expect(aRecordWith(null)).toMatchObject({
    topic: CHECKOUT_PAYMENTS,
    partition: 2,
    offset: 9007199254740993n,
    appendedAt: new Date(1_764_000_000_000),
  });
});

describe('headers', () => {
  const [one, two] = [Buffer.from('1'), Buffer.from('2')];
  it.each<[what: string, headers: IHeaders, pairs: unknown, sendable: IHeaders]>([
    ['none', {}, [], {}],
    ['bytes', { a: one }, [['a', one]], { a: one }],
    ['a text', { a: '1' }, [['a', one]], { a: one }],
    [
      'a repeated name',
      { a: [one, '2'] },
      [
        ['a', one],
        ['a', two],
      ],
      { a: [one, two] },
    ],
    // The wire allows it; kafkajs throws on sending it.
    ['a null', { a: undefined }, [['a', null]], { a: Buffer.alloc(0) }],
  ])('of %s are kept in order, and can be sent on', (_, headers, pairs, sendable) => {
    expect(rawHeaders(headers)).toEqual(pairs);
    expect(sendableHeaders(rawHeaders(headers))).toEqual(sendable);
  });

  it('are read as text by name, the first of a name', () => {
    const record = aRecordWith(null, { traceparent: ['00-a', '00-b'], empty: undefined });
    expect(headerText(record, 'traceparent')).toBe('00-a');
    expect(headerText(record, 'empty')).toBeUndefined();
    expect(headerText(record, 'none')).toBeUndefined();
  });
});

it.each<[what: string, key: Buffer | null, queue: string]>([
  ['a payment id', Buffer.from('019a-1'), '019a-1'],
  ['no key', null, ''],
  ['a key with a NUL, which PostgreSQL does not take', Buffer.from('a\0b'), 'a\uFFFDb'],
])('queues %s under a text', (_, key, queue) => {
  expect(queueKey(aRecordWith(key))).toBe(queue);
});
