import { randomBytes } from 'node:crypto';
import type { Clock } from '@hutong/config';
import {
  CHECKOUT_PAYMENTS,
  isId,
  mintAttemptId,
  mintPaymentId,
  PAYMENT_OUTCOMES,
  paymentId,
  type PaymentId,
  type PlatformId,
} from '@hutong/domain-events';
import { firstTime, heardBefore, type Outbox, type Received } from '@hutong/messaging';
import { ok, refuse, type Result } from '@hutong/result';
import { advance, type PaymentProgress, type Step } from '../payment/advance.js';
import { choose, type Asked, type ChoiceRefusal } from '../payment/choose.js';
import { outcomesOf } from '../payment/outcomes.js';
import type { DecidedPayment, Payment, Requested } from '../payment/payment.js';
import {
  requestPayment,
  type Asking,
  type Order,
  type RequestRefusal,
} from '../request-payment/request-payment.js';
import { methodSelected } from '../select-method/method-selected.js';
import type { CheckoutDatabase, CheckoutTransaction } from './database.repository.js';
import {
  madeBefore,
  remember,
  type Made,
  type Repeatable,
  type RepeatRefusal,
} from './idempotency.repository.js';
import {
  findPayment,
  insertPayment,
  lockPayment,
  savePayment,
  type SavedPayment,
} from './saved-payment.repository.js';

export type OrderRefusal = Readonly<{ code: 'order_already_has_payment'; paymentId: PaymentId }>;
export type UnknownPayment = Readonly<{ code: 'payment_unknown' }>;

/** What a payer chose of whose payment. */
export type Choosing = Omit<Asked, 'attemptId' | 'now'> &
  Readonly<{ paymentId: PaymentId; platform: PlatformId; returnUrl?: string | undefined }>;

/** Told after each commit what a payment was (nothing, if it is new) and what it is now. */
export type OnChange = (before: Payment | undefined, after: Payment) => void;

/** What an id is made of. */
type Making = Readonly<{ at: Date; random: Uint8Array }>;

/** Checkout's payments. Each method that changes one is one transaction: state, inbox and outbox. */
export class Payments {
  constructor(
    private readonly db: CheckoutDatabase,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly onChange: OnChange,
  ) {}

  /** @param id as a caller wrote it. */
  async find(platform: PlatformId, id: string): Promise<SavedPayment | undefined> {
    if (!isId('paymentId', id)) return undefined;
    return findPayment(this.db.prisma, paymentId(id), platform);
  }

  /** A new payment, or what the same request made before. An order has one payment at a time. */
  request(
    order: Order,
    asking: Omit<Asking, 'paymentId' | 'now'>,
    repeatable?: Repeatable,
  ): Promise<Result<Made, RequestRefusal | OrderRefusal | RepeatRefusal>> {
    return this.once<RequestRefusal | OrderRefusal>(repeatable, async (tx, making) => {
      const requested = requestPayment(order, {
        ...asking,
        paymentId: mintPaymentId(making),
        now: making.at,
      });
      if (!requested.ok) return requested;
      const { payment, event } = requested.value;
      const other = await takeOrder(tx, payment);
      if (other !== undefined)
        return refuse({ code: 'order_already_has_payment', paymentId: other });
      await insertPayment(tx, payment);
      const { requestedAt: occurredAt, businessTime } = payment;
      await this.outbox.append(tx, { topic: CHECKOUT_PAYMENTS, event, occurredAt, businessTime });
      tx.onCommit(() => this.onChange(undefined, payment));
      return ok({ status: 201, paymentId: payment.id });
    });
  }

  /** One more attempt, or the one that the same request made before. */
  choose(
    { paymentId: id, platform, returnUrl, ...asked }: Choosing,
    repeatable?: Repeatable,
  ): Promise<Result<Made, ChoiceRefusal | UnknownPayment | RepeatRefusal>> {
    return this.once<ChoiceRefusal | UnknownPayment>(repeatable, async (tx, making) => {
      const before = await lockPayment(tx, id, platform);
      if (before === undefined) return refuse({ code: 'payment_unknown' });
      const chosen = choose(before, {
        ...asked,
        attemptId: mintAttemptId(making),
        now: making.at,
      });
      if (!chosen.ok) return chosen;
      const { payment, attempt } = chosen.value;
      await this.save(tx, before, payment);
      const event = methodSelected(id, attempt, returnUrl);
      const { businessTime } = payment;
      const occurredAt = attempt.selectedAt;
      await this.outbox.append(tx, { topic: CHECKOUT_PAYMENTS, event, occurredAt, businessTime });
      return ok({ status: 201, paymentId: id, attemptId: attempt.id });
    });
  }

  /** Seen once, moved once, announced once. What is refused leaves no trace: it parks again after a crash. */
  advance({ event, eventId, occurredAt }: Received<PaymentProgress>): Promise<Step> {
    return this.db.transaction(async (tx) => {
      const before = await lockPayment(tx, event.paymentId);
      if (before === undefined) {
        return { kind: 'refused', reason: `${event.type} of a payment that nobody asked for` };
      }
      if (await heardBefore(tx, eventId)) return { kind: 'duplicate' };
      const step = advance(before, event);
      if (step.kind !== 'advanced') return step;
      await firstTime(tx, eventId);
      await this.save(tx, before, step.payment);
      const { businessTime } = before;
      const told = outcomesOf(step.payment, event, occurredAt).map(
        (outcome) =>
          ({
            topic: PAYMENT_OUTCOMES,
            event: outcome,
            occurredAt: outcome.occurredAt,
            businessTime,
          }) as const,
      );
      await this.outbox.append(tx, ...told);
      return step;
    });
  }

  private async save(
    tx: CheckoutTransaction,
    before: Payment,
    after: DecidedPayment,
  ): Promise<void> {
    await savePayment(tx, before, after);
    tx.onCommit(() => this.onChange(before, after));
  }

  /** What is refused or fails is not remembered, so that it may be tried again under the same key. */
  private once<R>(
    repeatable: Repeatable | undefined,
    work: (tx: CheckoutTransaction, making: Making) => Promise<Result<Made, R>>,
  ): Promise<Result<Made, R | RepeatRefusal>> {
    return this.db.transaction<Result<Made, R | RepeatRefusal>>(async (tx) => {
      const making = { at: this.clock.now(), random: randomBytes(16) };
      if (repeatable === undefined) return work(tx, making);
      const before = await madeBefore(tx, repeatable);
      if (!before.ok) return before;
      if (before.value !== undefined) return ok(before.value);
      const result = await work(tx, making);
      if (result.ok) await remember(tx, repeatable, result.value, making.at);
      return result;
    });
  }
}

/** Makes the order this payment's, unless it has one that was or may still be paid: then says which. */
async function takeOrder(
  tx: CheckoutTransaction,
  { id, platform, merchantId, orderReference }: Requested,
): Promise<PaymentId | undefined> {
  const taken = await tx.query(
    `insert into payment_of_order (platform, merchant_id, order_reference, payment_id)
     values ($1, $2, $3, $4::uuid) on conflict do nothing returning payment_id`,
    [platform, merchantId, orderReference, id],
  );
  if (taken.length === 1) return undefined;
  const [held] = await tx.query<{ payment_id: string }>(
    `select payment_id::text as payment_id from payment_of_order
      where platform = $1 and merchant_id = $2 and order_reference = $3 for update`,
    [platform, merchantId, orderReference],
  );
  if (held === undefined) throw new Error('an order was released');
  const other = await findPayment(tx.prisma, paymentId(held.payment_id));
  if (other?.payment.status !== 'not_offered') return paymentId(held.payment_id);
  await tx.prisma.paymentOfOrder.update({
    where: { platform_merchantId_orderReference: { platform, merchantId, orderReference } },
    data: { paymentId: id },
  });
  return undefined;
}
