import type { Clock } from '@hutong/config';
import {
  CHECKOUT_PAYMENTS,
  isId,
  mintAttemptId,
  mintPaymentId,
  mintRefundId,
  paymentId,
  type PaymentId,
  type PlatformId,
} from '@hutong/domain-events';
import { firstTime, heardBefore, type Received } from '@hutong/messaging';
import { ok, refuse, type Result } from '@hutong/result';
import { methodTaking, type CodeNotOffered } from '../pay-code/method-taking.js';
import type { CodeIssuer } from '../pay-code/pay-code.js';
import type { SealedForEach, SealRefusal } from '../payer/payer-seals.adapter.js';
import { advance, type PaymentProgress, type Step } from '../payment/advance.js';
import { choose, type Asked, type ChoiceRefusal } from '../payment/choose.js';
import { close, type CloseRefusal } from '../payment/close.js';
import type { Payment, Requested } from '../payment/payment.js';
import { requestRefund, type RefundRefusal, type RefundWish } from '../payment/request-refund.js';
import {
  requestPayment,
  type Asking,
  type Order,
  type RequestRefusal,
} from '../request-payment/request-payment.js';
import { methodSelected, type ChoiceExtras } from '../select-method/method-selected.js';
import type { CheckoutDatabase, CheckoutTransaction } from './database.repository.js';
import {
  once,
  type Making,
  type Repeatable,
  type RepeatRefusal,
} from './idempotency.repository.js';
import type { Made } from './made-rows.repository.js';
import {
  findPayment,
  insertPayment,
  lockPayment,
  type SavedPayment,
} from './saved-payment.repository.js';
import type { Steps } from './steps.repository.js';

export type OrderRefusal = Readonly<{ code: 'order_already_has_payment'; paymentId: PaymentId }>;
export type UnknownPayment = Readonly<{ code: 'payment_unknown' }>;

/** What a payer chose of whose payment. */
export type Choosing = Omit<Asked, 'attemptId' | 'now'> &
  ChoiceExtras &
  Readonly<{ paymentId: PaymentId; platform: PlatformId }>;

/** Of whose payment a code was read, and what was sealed for whoever takes it. */
export type ChoosingByCode = Omit<Choosing, 'method' | 'sealedPayer'> &
  Readonly<{ issuer: CodeIssuer; sealed: SealedForEach }>;

type CodeRefusal = CodeNotOffered | SealRefusal;

type Choice = Readonly<{
  before: Payment;
  asked: Omit<Asked, 'attemptId' | 'now'>;
  making: Making;
  extras: ChoiceExtras;
}>;

/** Whose payment is meant. */
export type Named = Readonly<{ paymentId: PaymentId; platform: PlatformId }>;

const DUPLICATE: Step = { kind: 'duplicate' };

export type PaymentsParts = Readonly<{ db: CheckoutDatabase; clock: Clock; steps: Steps }>;

/** Checkout's payments. Each method that changes one is one transaction: state, inbox and outbox. */
export class Payments {
  constructor(private readonly parts: PaymentsParts) {}

  /** @param id as a caller wrote it. */
  async find(platform: PlatformId, id: string): Promise<SavedPayment | undefined> {
    return isId('paymentId', id) ? findPayment(this.parts.db, paymentId(id), platform) : undefined;
  }

  /** A new payment, or what the same request made before. An order has one payment at a time. */
  request(
    order: Order,
    asking: Omit<Asking, 'paymentId' | 'now'>,
    repeatable?: Repeatable,
  ): Promise<Result<Made, RequestRefusal | OrderRefusal | RepeatRefusal>> {
    const { steps } = this.parts;
    return once<RequestRefusal | OrderRefusal>(this.parts, repeatable, async (tx, making) => {
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
      await steps.announce(tx, { topic: CHECKOUT_PAYMENTS, event, occurredAt, businessTime });
      steps.began(tx, payment);
      return ok({ status: 201, paymentId: payment.id });
    });
  }

  /** One more attempt, or the one that the same request made before. */
  choose(
    { paymentId: id, platform, returnUrl, sealedPayer, ...asked }: Choosing,
    repeatable?: Repeatable,
  ): Promise<Result<Made, ChoiceRefusal | UnknownPayment | RepeatRefusal>> {
    return this.change({ paymentId: id, platform }, repeatable, (tx, before, making) =>
      this.chosen(tx, { before, asked, making, extras: { returnUrl, sealedPayer } }),
    );
  }

  /** As `choose`, of whichever method of the offer takes the code that was read. */
  chooseByCode(
    { paymentId: id, platform, returnUrl, issuer, sealed, ...asked }: ChoosingByCode,
    repeatable?: Repeatable,
  ): Promise<Result<Made, ChoiceRefusal | CodeRefusal | UnknownPayment | RepeatRefusal>> {
    return this.change<ChoiceRefusal | CodeRefusal>(
      { paymentId: id, platform },
      repeatable,
      async (tx, before, making) => {
        const method = methodTaking(before, { offer: asked.offer, issuer, now: making.at });
        if (!method.ok) return method;
        const sealedPayer = sealed.get(method.value.provider);
        if (sealedPayer === undefined) return refuse({ code: 'sealing_unavailable' });
        const extras = { returnUrl, sealedPayer };
        const by = { ...asked, method: method.value };
        return this.chosen(tx, { before, asked: by, making, extras });
      },
    );
  }

  /** Closes the payment, or sets about it; nothing more if that was done before. */
  close(
    named: Named,
    repeatable?: Repeatable,
  ): Promise<Result<Made, CloseRefusal | UnknownPayment | RepeatRefusal>> {
    return this.change(named, repeatable, async (tx, before, { at }) => {
      const closed = close(before, 'cancelled');
      if (!closed.ok) return closed;
      if (closed.value !== before) await this.parts.steps.save(tx, before, closed.value, at);
      return ok({ status: 202, paymentId: before.id });
    });
  }

  /** One more refund, or the one that the same request made before. */
  refund(
    { amount, why, ...named }: Named & Pick<RefundWish, 'amount' | 'why'>,
    repeatable?: Repeatable,
  ): Promise<Result<Made, RefundRefusal | UnknownPayment | RepeatRefusal>> {
    return this.change(named, repeatable, async (tx, before, making) => {
      const wish = { amount, why, refundId: mintRefundId(making), now: making.at };
      const asked = requestRefund(before, wish);
      if (!asked.ok) return asked;
      const { payment, refund } = asked.value;
      await this.parts.steps.save(tx, before, payment, making.at);
      return ok({ status: 201, paymentId: before.id, refundId: refund.id });
    });
  }

  /** Seen once, moved once, announced once. What is refused leaves no trace: it parks again after a crash. */
  advance({ event, eventId, occurredAt }: Received<PaymentProgress>): Promise<Step> {
    return this.parts.db.sql.transaction(async (tx) => {
      const before = await lockPayment(tx, event.paymentId);
      if (before === undefined) {
        return { kind: 'refused', reason: `${event.type} of a payment that nobody asked for` };
      }
      const step = advance(before, event, occurredAt);
      if (step.kind === 'refused') return (await heardBefore(tx, eventId)) ? DUPLICATE : step;
      if (step.kind !== 'advanced' || !(await firstTime(tx, eventId))) return DUPLICATE;
      await this.parts.steps.save(tx, before, step.payment, occurredAt);
      return step;
    });
  }

  private async chosen(
    tx: CheckoutTransaction,
    { before, asked, making, extras }: Choice,
  ): Promise<Result<Made, ChoiceRefusal>> {
    const made = { attemptId: mintAttemptId(making), now: making.at };
    const chosen = choose(before, { ...asked, ...made });
    if (!chosen.ok) return chosen;
    const { payment, attempt } = chosen.value;
    await this.parts.steps.save(tx, before, payment, making.at);
    const event = methodSelected(payment.id, attempt, extras);
    const { businessTime } = payment;
    const occurredAt = attempt.selectedAt;
    const told = { topic: CHECKOUT_PAYMENTS, event, occurredAt, businessTime } as const;
    await this.parts.steps.announce(tx, told);
    return ok({ status: 201, paymentId: payment.id, attemptId: attempt.id });
  }

  /** Does something to a platform's own payment, under its lock. */
  private change<R>(
    { paymentId: id, platform }: Named,
    repeatable: Repeatable | undefined,
    work: (tx: CheckoutTransaction, p: Payment, making: Making) => Promise<Result<Made, R>>,
  ): Promise<Result<Made, R | UnknownPayment | RepeatRefusal>> {
    return once<R | UnknownPayment>(this.parts, repeatable, async (tx, making) => {
      const before = await lockPayment(tx, id, platform);
      if (before === undefined) return refuse({ code: 'payment_unknown' });
      return work(tx, before, making);
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
  const other = await findPayment(tx, paymentId(held.payment_id));
  const status = other?.payment.status;
  if (status !== 'not_offered' && status !== 'closed') return paymentId(held.payment_id);
  await tx.query(
    `update payment_of_order set payment_id = $4::uuid
      where platform = $1 and merchant_id = $2 and order_reference = $3`,
    [platform, merchantId, orderReference, id],
  );
  return undefined;
}
