import type { Clock } from '@hutong/config';
import { paymentId, type PaymentId } from '@hutong/domain-events';
import type { Logger } from '@hutong/telemetry';
import type { MovedPayment, Payment } from '../payment/payment.js';
import type { CheckoutDatabase } from './database.repository.js';
import { putOffMs } from './put-off.js';
import { findPayment } from './saved-payment.repository.js';
import type { Steps } from './steps.repository.js';

export type SweepParts = Readonly<{
  db: CheckoutDatabase;
  clock: Clock;
  logger: Logger;
  steps: Steps;
}>;

/** Work that comes due for payments with time alone. */
export type DueWork = Readonly<{
  /** In the database and in logs. */
  chore: string;
  /** Of `$1`, now: SQL that answers `payment_id` and `due_at`, where an index keeps what is due. */
  due: string;
  /** What the payment becomes; undefined, or the very same, if it needs nothing any more. */
  step: (before: Payment, now: Date) => MovedPayment | undefined;
}>;

type Due = Readonly<{ id: PaymentId; failures: number }>;

/**
 * Does what is due, payment by payment and each in its own transaction. Any number of instances do so
 * side by side. One that fails is put off, so that neither it nor any number like it is tried before
 * others again and again, until it is done or is due no more.
 */
export class Sweep {
  constructor(
    private readonly parts: SweepParts,
    private readonly work: DueWork,
  ) {}

  /** The longest due first. @returns how many it did or put off: nothing is left at 0, or others have it. */
  async run(atMost: number): Promise<number> {
    const now = this.parts.clock.now();
    let seenTo = 0;
    for (const one of await this.dueAt(now, atMost)) {
      if (await this.doneOrPutOff(one, now)) seenTo += 1;
    }
    await this.forgetUndue(now);
    return seenTo;
  }

  private async dueAt(now: Date, atMost: number): Promise<Due[]> {
    const { chore, due } = this.work;
    const rows = await this.parts.db.query<{ id: string; failures: number }>(
      `select due.payment_id::text as id, coalesce(put_off.failures, 0) as failures
         from (${due}) as due
         left join put_off on put_off.payment_id = due.payment_id and put_off.chore = $2
        where put_off.until is null or put_off.until <= $1::timestamptz
        order by due.due_at limit $3`,
      [now, chore, atMost],
    );
    const once = new Map(rows.map(({ id, failures }) => [id, failures]));
    return [...once].map(([id, failures]) => ({ id: paymentId(id), failures }));
  }

  private async doneOrPutOff(one: Due, now: Date): Promise<boolean> {
    try {
      return await this.done(one, now);
    } catch (cause) {
      const { chore } = this.work;
      this.parts.logger.error('payment put off', { step: chore, paymentId: one.id }, cause);
      await this.putOff(one, now);
      return true;
    }
  }

  /** @returns false if another instance has it, or it needs nothing any more. */
  private done({ id }: Due, now: Date): Promise<boolean> {
    const { db, steps } = this.parts;
    return db.sql.transaction(async (tx) => {
      const free = await tx.query(
        'select 1 as locked from payment where payment_id = $1::uuid for update skip locked',
        [id],
      );
      const before = free.length === 0 ? undefined : await findPayment(tx, id);
      if (before === undefined) return false;
      const after = this.work.step(before.payment, now);
      if (after === undefined || after === before.payment) return false;
      await steps.save(tx, before.payment, after, now);
      return true;
    });
  }

  private async putOff({ id, failures }: Due, now: Date): Promise<void> {
    const until = new Date(now.getTime() + putOffMs(failures + 1));
    await this.parts.db.query(
      `insert into put_off (chore, payment_id, failures, until)
       values ($1, $2::uuid, $3::integer, $4::timestamptz)
       on conflict (chore, payment_id) do update
         set failures = excluded.failures, until = excluded.until`,
      [this.work.chore, id, failures + 1, until],
    );
  }

  /** What was put off and is not due any more: done here in the end, or by whoever else moved the payment. */
  private async forgetUndue(now: Date): Promise<void> {
    const { chore, due } = this.work;
    await this.parts.db.query(
      `with undue as (
         select put_off.payment_id from put_off
          where chore = $2 and put_off.payment_id not in (select due.payment_id from (${due}) as due)
            for update skip locked
       )
       delete from put_off using undue where chore = $2 and put_off.payment_id = undue.payment_id`,
      [now, chore],
    );
  }
}
