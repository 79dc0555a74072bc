import type { Clock } from '@hutong/config';
import type { Sql } from '@hutong/database';
import { mintRefundId, type PaymentId, type PlatformId } from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';
import type { Logger } from '@hutong/telemetry';
import { giveSurplusBack, type SurplusUnknown } from '../payment/give-back.js';
import { belongingsOf } from '../payment/payment.js';
import { sameMoney, type MoneyName } from '../payment/receipt.js';
import type { GiveBackRefusal, Surplus } from '../payment/surplus.js';
import type { CheckoutDatabase } from '../store/database.repository.js';
import { once, type Repeatable, type RepeatRefusal } from '../store/idempotency.repository.js';
import type { Made } from '../store/made-rows.repository.js';
import type { UnknownPayment } from '../store/payment.repository.js';
import { findPayment, lockPayment, type SavedPayment } from '../store/saved-payment.repository.js';
import type { Steps } from '../store/steps.repository.js';
import type { StuckPlace } from './stuck-place.js';

/** Surplus with the payment that it came for. */
export type SurplusOf = Readonly<{ paymentId: PaymentId; platform: PlatformId; surplus: Surplus }>;

export type RetryRefusal = UnknownPayment | SurplusUnknown | GiveBackRefusal;

export type StuckQuery = Readonly<{
  /** Only what stands behind it. */
  after?: StuckPlace | undefined;
  limit: number;
}>;

/** `next` is what the next page comes after; there is none after the last one. */
export type StuckPage = Readonly<{ stuck: readonly SurplusOf[]; next: StuckPlace | undefined }>;

/** Who has it tried again, and why: kept for whoever asks later. */
export type Retry = Readonly<{
  paymentId: PaymentId;
  money: MoneyName;
  operator: string;
  reason: string;
}>;

export type StuckSurplusParts = Readonly<{
  db: CheckoutDatabase;
  clock: Clock;
  logger: Logger;
  steps: Steps;
}>;

/** The operators' queue: surplus that its provider refused to give back as often as we ask by ourselves. */
export class StuckSurplus {
  constructor(private readonly parts: StuckSurplusParts) {}

  /** The longest stuck first. What cannot be read is left out, so that a page may show less than it could. */
  async list({ after, limit }: StuckQuery): Promise<StuckPage> {
    const places = await stuckPlaces(this.parts.db, { after, limit: limit + 1 });
    const page = places.slice(0, limit);
    const ids = [...new Set(page.map((place) => place.paymentId))];
    const found = new Map(
      await Promise.all(ids.map(async (id) => [id, await this.readable(id)] as const)),
    );
    const stuck = page.flatMap((place) => {
      const of = found.get(place.paymentId)?.payment;
      const surplus = belongingsOf(of).surplus.find((one) => sameMoney(one, place));
      return of !== undefined && surplus?.status === 'stuck'
        ? [{ paymentId: of.id, platform: of.platform, surplus }]
        : [];
    });
    return { stuck, next: places.length > limit ? page.at(-1) : undefined };
  }

  /** One that cannot be read hides no other from the operators. */
  private async readable(id: PaymentId): Promise<SavedPayment | undefined> {
    const { db, logger } = this.parts;
    try {
      return await findPayment(db, id);
    } catch (cause) {
      logger.error('stuck surplus cannot be shown', { paymentId: id }, cause);
      return undefined;
    }
  }

  async find(id: PaymentId, money: MoneyName): Promise<SurplusOf | undefined> {
    const saved = await findPayment(this.parts.db, id);
    const surplus = belongingsOf(saved?.payment).surplus.find((s) => sameMoney(s, money));
    return saved && surplus && { paymentId: id, platform: saved.payment.platform, surplus };
  }

  /** One more try, with its line in the audit; or what the same request made before. */
  retry(
    { paymentId: id, money, operator, reason }: Retry,
    repeatable?: Repeatable,
  ): Promise<Result<Made, RetryRefusal | RepeatRefusal>> {
    return once<RetryRefusal>(this.parts, repeatable, async (tx, making) => {
      const before = await lockPayment(tx, id);
      if (before === undefined) return refuse({ code: 'payment_unknown' });
      const refundId = mintRefundId(making);
      const asked = { money, cause: 'operator', refundId, now: making.at } as const;
      const given = giveSurplusBack(before, asked);
      if (!given.ok) return given;
      await this.parts.steps.save(tx, before, given.value, making.at);
      const { provider, providerRef } = money;
      await tx.query(
        `insert into surplus_retry (refund_id, payment_id, provider, provider_ref, operator, reason,
           asked_at)
         values ($1, $2::uuid, $3, $4, $5, $6, $7::timestamptz)`,
        [refundId, id, provider, providerRef, operator, reason, making.at],
      );
      return ok({ status: 202, paymentId: id, refundId });
    });
  }
}

/** By the index `receipt_surplus_stuck`, and among what is stuck since one moment by what tells it apart. */
const stuckPlaces = (db: Sql, { after, limit }: StuckQuery): Promise<StuckPlace[]> =>
  db.query<StuckPlace>(
    `select surplus_stuck_at as since, payment_id as "paymentId", provider, provider_ref as "providerRef"
       from receipt
      where surplus_status = 'stuck'
        and ($1::timestamptz is null
          or (surplus_stuck_at, payment_id, provider, provider_ref) > ($1, $2::uuid, $3::text, $4::text))
      order by surplus_stuck_at, payment_id, provider, provider_ref
      limit $5::integer`,
    [
      after?.since ?? null,
      after?.paymentId ?? null,
      after?.provider ?? null,
      after?.providerRef ?? null,
      limit,
    ],
  );
