import { describe, expect, it } from '@jest/globals';
import { CONTENT_TYPE, decodeEnvelope, encodeEnvelope, keyOf } from './envelope.js';
import { meanings } from './golden.examples.js';
import { aRecord } from './hostile.examples.js';
import { eventId } from './ids.js';

const told = {
  id: eventId('019aa9c2-7f00-7000-8000-000000000001'),
  occurredAt: new Date('2026-11-24T03:16:02.250Z'),
  sequence: 7,
};
const [paid] = [meanings['payment.paid.v1']].flatMap((meaning) => meaning ?? []);
if (paid === undefined) throw new Error('the examples have no payment.paid');

const decoded = (record: object) => decodeEnvelope(JSON.stringify(record));
const refusal = (code: string, detail: string) => ({ ok: false, refusal: { code, detail } });

describe('a record', () => {
  it('is a structured CloudEvents 1.0 event in JSON', () => {
    const record: unknown = JSON.parse(encodeEnvelope({ ...told, ...paid }));

    expect(CONTENT_TYPE).toBe('application/cloudevents+json');
    expect(record).toMatchObject({
      specversion: '1.0',
      id: '019aa9c2-7f00-7000-8000-000000000001',
      source: '/hutong/checkout',
      type: 'payment.paid.v1',
      subject: '019aa9c2-7c00-7d3e-8a11-5b0c4e2f9a01',
      time: '2026-11-24T03:16:02.250Z',
      datacontenttype: 'application/json',
      sequence: 7,
    });
  });

  it('names its attributes as CloudEvents demands: lower-case letters and digits', () => {
    const businessTime = new Date('2023-11-11T00:00:00.000Z');
    const text = encodeEnvelope({ ...told, ...paid, businessTime });

    const names = Object.keys(JSON.parse(text) as object);
    expect(names).toContain('businesstime');
    expect(names.filter((name) => !/^[a-z0-9]{1,20}$/.test(name))).toEqual([]);
  });

  it.each<{ businessTime: Date | undefined }>([
    { businessTime: undefined },
    { businessTime: new Date('2023-11-11T00:00:00.000Z') },
  ])('comes back with its business time $businessTime', ({ businessTime }) => {
    const envelope = { ...told, ...paid, businessTime };

    expect(decodeEnvelope(encodeEnvelope(envelope))).toEqual({ ok: true, value: envelope });
  });

  it('has the payment as its key, a bill its provider and day', () => {
    const keys = Object.values(meanings).map(({ event }) => `${event.type} ${keyOf(event)}`);

    expect(keys.filter((key) => !key.endsWith(' 019aa9c2-7c00-7d3e-8a11-5b0c4e2f9a01'))).toEqual([
      'bill.available wechat:2026-11-23',
    ]);
  });
});

describe('what is no record of ours', () => {
  it.each<{ text: string; code: string; detail: string }>([
    { text: '', code: 'not_json', detail: 'the value is not JSON' },
    { text: '{"specversion":', code: 'not_json', detail: 'the value is not JSON' },
    { text: '\uFEFF{}', code: 'not_json', detail: 'the value is not JSON' },
    { text: 'null', code: 'envelope_invalid', detail: 'not an object' },
    { text: 'true', code: 'envelope_invalid', detail: 'not an object' },
    { text: '42', code: 'envelope_invalid', detail: 'not an object' },
    { text: '"{}"', code: 'envelope_invalid', detail: 'not an object' },
    { text: '[]', code: 'envelope_invalid', detail: 'not an object' },
    { text: '[{}]', code: 'envelope_invalid', detail: 'not an object' },
  ])('is refused: $text', ({ text, code, detail }) => {
    expect(decodeEnvelope(text)).toEqual(refusal(code, detail));
  });

  it('is refused by its size before it is read', () => {
    const most = ' '.repeat(1024 * 1024);

    expect(decodeEnvelope(most)).toMatchObject(refusal('not_json', 'the value is not JSON'));
    expect(decodeEnvelope(`${most} `)).toEqual(refusal('too_long', 'more than 1048576 characters'));
  });

  it.each<{ attributes: object; detail: string }>([
    { attributes: { specversion: '0.3' }, detail: 'specversion: isIn' },
    { attributes: { specversion: 1.0 }, detail: 'specversion: isIn' },
    { attributes: { id: 'e-1' }, detail: 'id: matches' },
    { attributes: { id: '019AA9C2-7F00-7000-8000-000000000001' }, detail: 'id: matches' },
    { attributes: { source: '/hutong/elsewhere' }, detail: 'source: isIn' },
    { attributes: { source: 'checkout' }, detail: 'source: isIn' },
    { attributes: { type: 'payment.requested' }, detail: 'type: matches' },
    { attributes: { type: 'payment.requested.v0' }, detail: 'type: matches' },
    { attributes: { type: 'payment.requested.v01' }, detail: 'type: matches' },
    { attributes: { type: 'payment.requested.v1000' }, detail: 'type: matches' },
    { attributes: { subject: '' }, detail: 'subject: isLength' },
    { attributes: { time: '2026-11-24' }, detail: 'time: isInstant' },
    { attributes: { time: '2026-11-24T03:16:02Z' }, detail: 'time: isInstant' },
    { attributes: { time: '2026-11-24T11:16:02.250+08:00' }, detail: 'time: isInstant' },
    { attributes: { time: '2026-02-30T00:00:00.000Z' }, detail: 'time: isInstant' },
    { attributes: { time: '+010000-01-01T00:00:00.000Z' }, detail: 'time: isInstant' },
    { attributes: { time: 1_763_954_162_250 }, detail: 'time: isInstant' },
    { attributes: { datacontenttype: 'text/xml' }, detail: 'datacontenttype: isIn' },
    { attributes: { sequence: '1' }, detail: 'sequence: max; sequence: min; sequence: isInt' },
    { attributes: { sequence: 0 }, detail: 'sequence: min' },
    { attributes: { sequence: 2_147_483_648 }, detail: 'sequence: max' },
    { attributes: { businesstime: null }, detail: 'businesstime: isInstant' },
    { attributes: { id: undefined, time: null }, detail: 'id: matches; time: isInstant' },
  ])('is refused for its attributes: $attributes', ({ attributes, detail }) => {
    expect(decoded({ ...aRecord(), ...attributes })).toEqual(refusal('envelope_invalid', detail));
  });

  it.each<{ type: string; code: string; detail: string }>`
    type                       | code                 | detail
    ${'payment.lost.v1'}       | ${'type_unknown'}    | ${'payment.lost'}
    ${'to_string.value_of.v1'} | ${'type_unknown'}    | ${'to_string.value_of'}
    ${'payment.offered.v2'}    | ${'version_unknown'} | ${'v2 of v1..v1'}
    ${'payment.offered.v999'}  | ${'version_unknown'} | ${'v999 of v1..v1'}
  `('is refused, never skipped: $type', ({ type, code, detail }) => {
    expect(decoded({ ...aRecord(), type })).toEqual(refusal(code, detail));
  });

  it('is refused where its subject is not the key of its data', () => {
    const subject = '019aa9c2-7c00-7d3e-8a11-5b0c4e2f9a02';

    expect(decoded({ ...aRecord(), subject })).toEqual(
      refusal('envelope_invalid', 'subject is not the key of data'),
    );
  });

  it.each<{ data: unknown }>([
    { data: undefined },
    { data: null },
    { data: 'text' },
    { data: 7 },
    { data: [] },
    { data: [aRecord().data] },
  ])('is refused where its data is no object: $data', ({ data }) => {
    expect(decoded({ ...aRecord(), data })).toEqual(refusal('data_invalid', 'not an object'));
  });
});

describe('data', () => {
  const withAmount = (amount: unknown) => {
    const record = aRecord('payment.paid.v1');
    return { ...record, data: { ...record.data, amount } };
  };

  it.each<{ amount: unknown; detail: string }>([
    { amount: undefined, detail: 'amount: isObject' },
    { amount: null, detail: 'amount: isObject; amount: nestedValidation' },
    { amount: 12_800, detail: 'amount: isObject; amount: nestedValidation' },
    { amount: [], detail: 'amount: isObject; amount: nestedValidation' },
    { amount: {}, detail: 'amount.currency: isIn; amount.minor: matches' },
    { amount: { currency: 'CNY', minor: 12_800 }, detail: 'amount.minor: matches' },
    { amount: { currency: 'CNY', minor: '128.00' }, detail: 'amount.minor: matches' },
    { amount: { currency: 'CNY', minor: '-1' }, detail: 'amount.minor: matches' },
    { amount: { currency: 'CNY', minor: '1'.repeat(19) }, detail: 'amount.minor: matches' },
    { amount: { currency: 'BTC', minor: '1' }, detail: 'amount.currency: isIn' },
    {
      amount: { currency: ['CNY'], minor: ['1'] },
      detail: 'amount.currency: isIn; amount.minor: matches',
    },
  ])('is refused by field and rule: amount $amount', ({ amount, detail }) => {
    expect(decoded(withAmount(amount))).toEqual(refusal('data_invalid', detail));
  });

  it('is refused with the first ten complaints and the number of the rest', () => {
    const record = aRecord();
    const methods = Array.from({ length: 10_000 }, () => ({ method: 'cash', label: '' }));
    const result = decoded({ ...record, data: { ...record.data, methods } });

    expect(result).toMatchObject({ ok: false, refusal: { code: 'data_invalid' } });
    const detail = result.ok ? '' : result.refusal.detail;
    expect(detail).toMatch(/^methods: arrayMaxSize; methods\.0\.method: isMethod; /);
    expect(detail).toMatch(/; and 121 more$/);
    expect(detail.length).toBeLessThan(400);
  });
});
