import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { systemClock } from '@hutong/config';
import {
  GATEWAY_REPORTS,
  merchantId,
  payerKey,
  platformId,
  ROUTING_DECISIONS,
  type AttemptId,
  type PaymentId,
} from '@hutong/domain-events';
import { Outbox, type Received } from '@hutong/messaging';
import { money } from '@hutong/money';
import { createLogger } from '@hutong/telemetry';
import {
  anAttemptSucceeded,
  anEventId,
  aPaymentOffered,
  aProviderRef,
  eventually,
  WECHAT_QR,
} from '@hutong/testing';
import type { PaymentProgress } from '../payment/advance.js';
import { migrated } from '../world.examples.js';
import { openDatabase, type CheckoutDatabase } from './database.repository.js';
import { Payments } from './payment.repository.js';
import { Steps } from './steps.repository.js';

const TAOBAO = platformId('taobao');
const AMOUNT = money(12_800n, 'CNY');

const opened = new AsyncDisposableStack();
let db: CheckoutDatabase;
/** Two processes, by what they share. */
let instances: readonly [Payments, Payments];

beforeAll(async () => {
  const { config } = opened.use(await migrated());
  const logger = createLogger({ service: 'checkout', level: 'silent' });
  const open = () => opened.use(openDatabase(config, logger));
  db = open();
  const outbox = new Outbox({ service: 'checkout', clock: systemClock });
  const steps = new Steps(
    outbox,
    () => undefined,
    async () => undefined,
  );
  const instance = () => new Payments({ db: open(), clock: systemClock, steps });
  instances = [instance(), instance()];
}, 60_000);

afterAll(() => opened.disposeAsync(), 60_000);

const heard = <E extends PaymentProgress>(event: E): Received<E> => ({
  event,
  eventId: anEventId(),
  source: 'wechat-gateway',
  occurredAt: systemClock.now(),
  sequence: 1,
  appendedAt: systemClock.now(),
  topic: event.type === 'payment.offered' ? ROUTING_DECISIONS : GATEWAY_REPORTS,
  partition: 0,
  offset: 0n,
});

async function requested(): Promise<PaymentId> {
  const order = {
    orderReference: 'order-1',
    merchantId: merchantId('tea-house'),
    amount: AMOUNT,
    description: 'Longjing tea, 250 g',
    channel: 'web',
    payer: { hasBoundCard: 'no', hasBalance: 'no' },
  } as const;
  const made = await instances[0].request(order, {
    platform: TAOBAO,
    payerKey: payerKey('0'.repeat(32)),
  });
  if (!made.ok) throw new Error(made.refusal.code);
  return made.value.paymentId;
}

async function chosen(paymentId: PaymentId): Promise<AttemptId> {
  const asked = { paymentId, platform: TAOBAO, offer: 1, method: WECHAT_QR, paidByAnother: false };
  const made = await instances[0].choose(asked);
  if (!made.ok || made.value.attemptId === undefined) throw new Error('nothing was chosen');
  return made.value.attemptId;
}

it('lets one of two successes win that are applied at once, and keeps the other as surplus', async () => {
  const paymentId = await requested();
  const validUntil = new Date(Date.now() + 600_000);
  const methods = [{ method: WECHAT_QR, label: 'WeChat Pay' }];
  await instances[0].advance(heard(aPaymentOffered({ paymentId, offer: 1, validUntil, methods })));
  const attempts = [await chosen(paymentId), await chosen(paymentId)];
  const success = (attemptId: AttemptId) =>
    heard(
      anAttemptSucceeded({
        paymentId,
        attemptId,
        provider: 'wechat',
        amount: AMOUNT,
        providerRef: aProviderRef(),
      }),
    );

  // Whoever has decided waits before it writes, until both are under way.
  const applied = await db.transaction(async (tx) => {
    await tx.query('lock table inbox in share row exclusive mode');
    const both = instances.map((one, i) => one.advance(success(attempts[i] ?? nobody())));
    await eventually(
      async () => {
        // Not in the transaction, which would be told the same again and again.
        const waiting = await db.query(
          `select 1 from pg_stat_activity
           where wait_event_type = 'Lock' and datname = current_database()`,
        );
        return waiting.length === 2;
      },
      { what: 'two successes under way', withinMs: 4_000 },
    );
    return both;
  });
  expect((await Promise.all(applied)).map(({ kind }) => kind)).toEqual(['advanced', 'advanced']);

  const receipts = await db.query<{ surplus_reason: string | null }>(
    'select surplus_reason from receipt where payment_id = $1::uuid order by surplus_reason',
    [paymentId],
  );
  expect(receipts).toEqual([{ surplus_reason: 'second_success' }, { surplus_reason: null }]);
}, 60_000);

const nobody = (): never => {
  throw new Error('more instances than attempts');
};
