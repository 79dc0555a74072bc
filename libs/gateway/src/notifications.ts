import type { Clock } from '@hutong/config';
import type { Sql, Transaction, TransactionRunner } from '@hutong/database';
import {
  attemptId,
  isId,
  isInstrument,
  refundId,
  type AttemptId,
  type Instrument,
  type RefundId,
} from '@hutong/domain-events';
import type { Logger } from '@hutong/telemetry';
import type { Account, Accounts } from './accounts.js';
import type { SavedAttempt } from './attempt-rows.repository.js';
import type { Attempts } from './attempts.repository.js';
import { lock } from './attempt-writes.repository.js';
import { isPayee, mismatchOf, refundMismatchOf } from './compare.js';
import type { GatewayMetrics } from './gateway-metrics.js';
import type {
  ClosingPort,
  GatewayPort,
  Notification,
  ProviderKeys,
  RawNotification,
  ToStranger,
} from './gateway-port.js';
import { paidFacts, quarantine, type Quarantined } from './quarantine.repository.js';
import { RefusedSample } from './refused-sample.repository.js';
import type { Refunds } from './refunds.repository.js';
import { lockRefund } from './refund-writes.repository.js';

/** What to tell the provider: it is kept, or it is not its notification. Throwing means: send it again. */
export type Receipt = Readonly<{ kind: 'kept' }> | Readonly<{ kind: 'refused'; reason: string }>;

type Succeeded = Extract<Notification, { kind: 'succeeded' }>;
type Hint = Extract<Notification, { kind: 'hint' }>;
type Odd = Extract<Notification, { kind: 'odd' }>;
type RefundTold = Extract<Notification, { kind: 'refund' }>;
type Refused = Extract<Notification, { kind: 'unverified' }>;

export type NotificationParts = Readonly<{
  adapter: GatewayPort;
  accounts: Accounts<Account>;
  attempts: Attempts;
  refunds: Refunds;
  /** If the provider closes orders. */
  closing: ClosingPort | undefined;
  /** If the provider hands out its keys. */
  keys: ProviderKeys | undefined;
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
    const read = await this.heard(await this.read(raw));
    switch (read.kind) {
      case 'unverified':
        return this.refuse(raw, read);
      case 'hint':
        await this.follow(raw.account, read);
        return KEPT;
      case 'odd':
        await this.setAside(raw.account, read);
        return KEPT;
      case 'succeeded':
        await this.apply(raw.account, read);
        return KEPT;
      case 'refund':
        await this.applyRefund(raw.account, read);
        return KEPT;
    }
  }

  /** Another merchant's word counts only of what was sent in its name: an account may have changed its number. */
  private async heard(read: Notification | ToStranger): Promise<Notification> {
    if (read.kind !== 'stranger') return read;
    const { told, payee, claims } = read;
    const { db } = this.o;
    const number = 'refundNumber' in told ? told.refundNumber : told.orderNumber;
    const [order, refund] = [orderOf({ orderNumber: number }), refundOf({ refundNumber: number })];
    const own = (order && (await lock(db, order))) ?? (refund && (await lockRefund(db, refund)));
    const isOurs = own?.prepared !== undefined && isPayee(payee, own.prepared.fields);
    return isOurs ? told : { kind: 'unverified', reason: 'other_merchant', claims };
  }

  /** A key that nobody knows may have been mounted a moment ago, or be new at the provider. */
  private async read(raw: RawNotification): Promise<Notification | ToStranger> {
    const { adapter, accounts, keys, clock } = this.o;
    if (accounts.named(raw.account) !== undefined) await keys?.freshen(raw.account);
    const first = adapter.read(raw, clock.now());
    if (first.kind !== 'unverified' || first.reason !== 'unknown_key') return first;
    await accounts.refresh();
    await keys?.refresh(raw.account);
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
        return this.disagree(tx, {
          ...this.about(account, told.notificationId, told.orderNumber),
          reason: mismatch ?? 'order_unknown',
          told: factsOf(told),
        });
      }
      if (this.mayBeGivenBack(saved)) {
        await this.o.attempts.hint(tx, saved.attempt.attemptId);
        return 'hint';
      }
      if (!(await this.store(tx, account, told))) return 'duplicate';
      const paid = { ...told.paid, instrument: told.paid.instrument ?? expected(saved) };
      const step = await this.o.attempts.apply(tx, saved, { type: 'notified', paid });
      return step.kind;
    });
    this.count(account, result);
  }

  /** Whether a close was sent that may have given back what the notice tells of. */
  private mayBeGivenBack({ closing, prepared }: SavedAttempt): boolean {
    if (closing?.sentAt === undefined || prepared === undefined) return false;
    return this.o.closing?.mayGiveBack?.(prepared) ?? false;
  }

  /** As of payments: one transaction, and the same again changes nothing. */
  private async applyRefund(account: string, told: RefundTold): Promise<void> {
    const result = await this.o.db.transaction(async (tx) => {
      const id = refundOf(told);
      const saved = id === undefined ? undefined : await lockRefund(tx, id);
      const mismatch = refundMismatchOf({ ...told, account }, saved);
      if (saved === undefined || mismatch !== undefined) {
        const orderNumber = told.orderNumber ?? saved?.refund.attemptId;
        const entry = {
          ...this.about(account, told.notificationId, orderNumber),
          reason: mismatch ?? 'refund_unknown',
          told: refundFactsOf(told),
        };
        return this.disagree(tx, entry, async () => {
          if (saved !== undefined) await this.o.refunds.askNow(tx, saved.refund.refundId);
        });
      }
      if (!(await this.storeRefund(tx, account, told))) return 'duplicate';
      const event = { type: 'notified', report: told.report } as const;
      return (await this.o.refunds.apply(tx, saved, event)).kind;
    });
    this.count(account, result);
  }

  /**
   * Whatever it is, the answer to our own question is what counts: the question is durable, the hint is
   * not. An account hints at its own orders only.
   */
  private async follow(account: string, hint: Hint): Promise<void> {
    const { attempts, refunds, db } = this.o;
    const [order, refund] = [orderOf(hint), refundOf(hint)];
    const result = await db.transaction(async (tx) => {
      const saved = refund && (await lockRefund(tx, refund));
      const owner =
        saved?.refund.account ?? (order && (await lock(tx, order)))?.attempt.account ?? account;
      if (owner !== account) {
        const about = this.about(account, hint.notificationId, hint.orderNumber);
        return this.disagree(tx, { ...about, reason: 'other_account', told: {} });
      }
      if (refund !== undefined) await refunds.hint(tx, refund);
      else if (order !== undefined) await attempts.hint(tx, order);
      return 'hint';
    });
    this.count(account, result);
  }

  private async storeRefund(tx: Sql, account: string, told: RefundTold): Promise<boolean> {
    const rows = await tx.query(
      `insert into refund_notifications (account, notification_id, refund_id, told, received_at)
       values ($1, $2, $3, $4, $5::timestamptz)
       on conflict do nothing returning notification_id`,
      [account, told.notificationId, told.refundNumber, told.report.kind, this.o.clock.now()],
    );
    return rows.length === 1;
  }

  private async setAside(account: string, odd: Odd): Promise<void> {
    const result = await this.o.db.transaction((tx) =>
      this.disagree(tx, {
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
    entry: Quarantined,
    askNow: () => Promise<void> = async () => {
      const id = orderOf(entry);
      const saved = id === undefined ? undefined : await lock(tx, id);
      if (id === undefined || saved === undefined) return;
      // While a close is out that gives money back, its answer comes before any question's.
      if (this.mayBeGivenBack(saved)) await this.o.attempts.hint(tx, id);
      else await this.o.attempts.askNow(tx, id);
    },
  ): Promise<'quarantined' | 'duplicate'> {
    const { metrics, logger } = this.o;
    if (!(await quarantine(tx, entry))) return 'duplicate';
    await askNow();
    const { account, reason } = entry;
    const attemptId = orderOf(entry);
    tx.onCommit(() => {
      metrics.quarantined.inc({ account, reason });
      logger.error('notification does not agree with our books', {
        account,
        reason,
        attemptId,
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

/** Whose app pays as far as we know: as it was prepared, else as it was asked for. */
function expected({ attempt, prepared }: SavedAttempt): Instrument {
  const { instrument = '' } = prepared?.fields ?? {};
  return isInstrument(instrument) ? instrument : attempt.method.instrument;
}

const orderOf = ({ orderNumber }: Pick<Odd, 'orderNumber'>): AttemptId | undefined =>
  orderNumber !== undefined && isId('attemptId', orderNumber) ? attemptId(orderNumber) : undefined;

const refundOf = ({
  refundNumber,
}: Readonly<{ refundNumber?: string | undefined }>): RefundId | undefined =>
  refundNumber !== undefined && isId('refundId', refundNumber) ? refundId(refundNumber) : undefined;

const refundFactsOf = ({ payee, amount, refundNumber, report }: RefundTold) => ({
  ...payee,
  refundNumber,
  currency: amount.currency,
  minor: amount.minor.toString(),
  told: report.kind,
});

const factsOf = ({ paid, payee }: Succeeded): Quarantined['told'] => ({
  ...payee,
  ...paidFacts(paid),
});
