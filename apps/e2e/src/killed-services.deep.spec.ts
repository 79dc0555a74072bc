import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startOwnBroker, testDatabase } from '@hutong/testing';
import {
  Merchant,
  Operator,
  Payer,
  RING_SERVICES,
  startRing,
  type Ring,
  type RingOptions,
} from '@hutong/world';

const root = join(import.meta.dirname, '../../..');
const WITHIN_MS = 60_000;

const started = new AsyncDisposableStack();
let options: RingOptions;
let ring: Ring;
let merchant: Merchant;
let operator: Operator;

beforeAll(async () => {
  const [broker, { adminUrl }] = await Promise.all([startOwnBroker(), testDatabase()]);
  const { brokers } = started.use(broker);
  options = { root, brokers, adminUrl };
  ring = started.use(await startRing(options));
  const [checkout] = ring.addressesOf('checkout');
  const [routing] = ring.addressesOf('routing');
  const [ledger] = ring.addressesOf('ledger');
  if (checkout === undefined || routing === undefined || ledger === undefined) {
    throw new Error('the ring is not whole');
  }
  merchant = new Merchant(checkout, ring.apiKey);
  operator = new Operator({ ledger, routing }, ring.token);
}, 120_000);

afterAll(() => started.disposeAsync(), 60_000);

it('lets no other ring start on its broker', async () => {
  const message =
    /^services run on \S+ already.*: the groups checkout, routing, .* have members\. Stop them/;
  await expect(startRing(options)).rejects.toThrow(message);
}, 60_000);

// A member of a group that was killed is missed for its session's 30 s.
it('goes on after every service was killed between choosing and paying', async () => {
  const payment = await merchant.request({ orderReference: 'order-1', minor: '12800' });
  const attempt = await merchant.choose(
    payment.paymentId,
    payment.offer?.number ?? 0,
    'wechat/wechat_pay/qr',
  );

  await Promise.all(RING_SERVICES.flatMap((s) => ring.instancesOf(s).map((one) => one.kill())));
  await Promise.all(RING_SERVICES.map((service) => ring.restart(service)));
  await new Payer(ring.sandbox).scanAndPay(attempt.action?.content ?? '');

  await merchant.seeUntil(payment.paymentId, 'paid', WITHIN_MS);
  const booked = await operator.entriesOf(attempt.attemptId, WITHIN_MS);
  expect(booked).toMatchObject([{ type: 'payment.paid', gross: { minor: '12800' } }]);
}, 240_000);
