import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { admit, isPlainText } from './log-fields.js';

it.each([
  'payment stored',
  'Starting Nest application...',
  'outbox-relay',
  'RoutesResolver',
  'wechat/wechat_pay/qr',
  '/payments/:paymentId/attempts',
  'ECONNREFUSED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  '23505',
  '0001_init',
  'SIGTERM',
  'attempt.failed while the attempt is succeeded',
])('%s is plain text', (text) => {
  expect(isPlainText(text)).toBe(true);
});

it.each([
  '',
  'a'.repeat(31),
  'a '.repeat(101),
  'två',
  'line\nline',
  'tab\there',
  'a1b2',
  '123456',
  '1234567',
  '12 34 56 7',
  'me@here',
  '10.0.0.1',
  undefined,
  7,
])('%j is not', (text) => {
  expect(isPlainText(text)).toBe(false);
});

it.each([
  ['ECONNREFUSED', true],
  ['23505', true],
  ['40P01', true],
  ['P2002', true],
  ['UNKNOWN_TOPIC_OR_PARTITION', true],
  ['6222021234567890123', false],
  ['123456', false],
  ['A1B2C3', false],
  ['hello@example', false],
])('a code may be %s: %s', (code, good) => {
  expect(admit({ code }).fields).toEqual(good ? { code } : {});
});

it('lets no number of a person or a card through, however it is written', () => {
  const digit = fc.integer({ min: 0, max: 9 }).map(String);
  const between = fc.constantFrom('', ' ', '-', '.', '/', ' no ');
  const written = fc
    .array(fc.tuple(digit, between), { minLength: 7, maxLength: 19 })
    .map((parts) => parts.flat().join(''));
  fc.assert(fc.property(written, (text) => !isPlainText(text)));
});
