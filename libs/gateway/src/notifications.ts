import type { Clock } from '@hutong/config';
import type { Sql, Transaction, TransactionRunner } from '@hutong/database';
import { attemptId, isId, type AttemptId } from '@hutong/domain-events';
import type { Logger } from '@hutong/telemetry';
import type { Account, Accounts } from './accounts.js';
import type { Attempts } from './attempts.repository.js';
import { lock } from './attempt-writes.repository.js';
import { mismatchOf } from './compare.js';
import type { GatewayMetrics } from './gateway-metrics.js';
import type { GatewayPort, Notification, RawNotification } from './gateway-port.js';
import { paidFacts, quarantine, type Quarantined } from './quarantine.repository.js';
import { RefusedSample } from './refused-sample.repository.js';

/** What to tell the provider: it is kept, or it is not its notification. Throwing means: send it again. */
export type Receipt = Readonly<{ kind: 'kept' }> | Readonly<{ kind: 'refused'; reason: string }>;

type Succeeded = Extract<Notification, { kind: 'succeeded' }>;
type Odd = Extract<Notification, { kind: 'odd' }>;
type Refused = Extract<Notification, { kind: 'unverified' }>;

export type NotificationParts = Readonly<{
  adapter: GatewayPort;
  accounts: Accounts<Account>;
  attempts: Attempts;
  db: TransactionRunner & Sql;
  clock: Clock;
  logger: Logger;
  metrics: GatewayMetrics;
}>;

const KEPT: Receipt = { kind: 'kept' };

/** What providers tell by themselves. Kept durably, with all its effects, before they are answered. */
export class Notifications {
  private readonly sample: RefusedSample;

  constructor(private readonly o: NotificationParts) {
    this.sample = new RefusedSample(o.db, o.clock);
  }

  /** @throws whatever the database threw: the provider must send it again. */
  async receive(raw: RawNotification): Promise<Receipt> {
    const read = await this.read(raw);
    switch (read.kind) {
      case 'unverified':
        return this.refuse(raw, read);
      case 'odd':
        await this.setAside(raw.account, read);
        return KEPT;
      case 'succeeded':
        await this.apply(raw.account, read);
        return KEPT;
    }
  }

  /** A key that nobody knows may have been mounted a moment ago. */
  private async read(raw: RawNotification): Promise<Notification> {
    const { adapter, accounts, clock } = this.o;
    const first = adapter.read(raw, clock.now());
    if (first.kind !== 'unverified' || first.reason !== 'unknown_key') return first;
    await accounts.refresh();
    return adapter.read(raw, clock.now());
  }

  /** One transaction: notification, state, report. The same again changes nothing. */
  private async apply(account: string, told: Succeeded): Promise<void> {
    const result = await this.o.db.transaction(async (tx) => {
      const id = orderOf(told);
      const saved = id === undefined ? undefined : await lock(tx, id);
      const own = saved && {
        account: saved.attempt.account,
        amount: saved.attempt.amount,
        prepared: saved.prepared,
      };
      const mismatch = mismatchOf({ ...told, account }, own);
      if (saved === undefined || mismatch !== undefined) {
        return this.disagree(tx, told, {
          ...this.about(account, told.notificationId, told.orderNumber),
          reason: mismatch ?? 'order_unknown',
          told: factsOf(told),
        });
      }
      if (!(await this.store(tx, account, told))) return 'duplicate';
      const step = await this.o.attempts.apply(tx, saved, { type: 'notified', paid: told.paid });
      return step.kind;
    });
    this.count(account, result);
  }

  private async setAside(account: string, odd: Odd): Promise<void> {
    const result = await this.o.db.transaction((tx) =>
      this.disagree(tx, odd, {
        ...this.about(account, odd.notificationId, odd.orderNumber),
        reason: odd.reason,
        told: {},
      }),
    );
    this.count(account, result);
  }

  /** Kept for people; what counts is what the provider answers when it is asked. */
  private async disagree(
    tx: Transaction,
    told: Pick<Odd, 'orderNumber'>,
    entry: Quarantined,
  ): Promise<'quarantined' | 'duplicate'> {
    const { attempts, metrics, logger } = this.o;
    if (!(await quarantine(tx, entry))) return 'duplicate';
    const id = orderOf(told);
    if (id !== undefined) await attempts.askNow(tx, id);
    const { account, reason } = entry;
    tx.onCommit(() => {
      metrics.quarantined.inc({ account, reason });
      logger.error('notification does not agree with our books', {
        account,
        reason,
        attemptId: id,
      });
    });
    return 'quarantined';
  }

  /** Counted always; told and kept only as a sample, since anybody can send any number of them. */
  private async refuse(raw: RawNotification, { reason, claims }: Refused): Promise<Receipt> {
    const account = this.o.accounts.named(raw.account) === undefined ? 'none' : raw.account;
    this.count(account, reason);
    if (await this.sample.keep({ account, reason, claims, body: raw.body })) {
      this.o.logger.warn('notification refused', { account, reason });
    }
    return { kind: 'refused', reason };
  }

  private async store(tx: Sql, account: string, told: Succeeded): Promise<boolean> {
    const { paid, notificationId, orderNumber } = told;
    const rows = await tx.query(
      `insert into notifications (account, notification_id, attempt_id, provider_ref, currency,
         amount_minor, paid_at, received_at)
       values ($1, $2, $3, $4, $5, $6::bigint, $7::timestamptz, $8::timestamptz)
       on conflict do nothing returning notification_id`,
      [
        account,
        notificationId,
        orderNumber,
        paid.providerRef,
        paid.amount.currency,
        paid.amount.minor,
        paid.paidAt,
        this.o.clock.now(),
      ],
    );
    return rows.length === 1;
  }

  private about(account: string, sourceId: string, orderNumber: string | undefined) {
    return { account, sourceId, orderNumber, receivedAt: this.o.clock.now() };
  }

  private count(account: string, result: string): void {
    this.o.metrics.notifications.inc({ account, result });
  }
}

const orderOf = ({ orderNumber }: Pick<Odd, 'orderNumber'>): AttemptId | undefined =>
  orderNumber !== undefined && isId('attemptId', orderNumber) ? attemptId(orderNumber) : undefined;

const factsOf = ({ paid, payee }: Succeeded): Quarantined['told'] => ({
  ...payee,
  ...paidFacts(paid),
});
