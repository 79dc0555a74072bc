import {
  attemptCloseRequested,
  attemptRequested,
  refundRequested,
  type AttemptCloseRequested,
  type AttemptRequested,
  type gatewayTopic,
  type Provider,
  type RefundRequested,
} from '@hutong/domain-events';
import { done, hears, hold, park, type Disposition, type Received } from '@hutong/messaging';
import { Controller, Inject, type Type } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import type { Account, Accounts } from './accounts.js';
import { Attempts } from './attempts.repository.js';
import { Backlog } from './backlog.js';
import { ACCOUNTS } from './gateway.tokens.js';
import { Refunds } from './refunds.repository.js';

const MAYBE_SENT = 'it may have been sent before the database was restored: ask the provider';

/** The consumer of one gateway's own topic: a decorator wants its topic when the class is made. */
export function hearCommandsOf(topic: (typeof gatewayTopic)[Provider]): Type {
  @Controller()
  class HearCommandsConsumer {
    constructor(
      private readonly attempts: Attempts,
      private readonly refunds: Refunds,
      private readonly backlog: Backlog,
      @Inject(ACCOUNTS) private readonly accounts: Accounts<Account>,
    ) {}

    /** Stores the intent, once there is room for it, and chooses who takes the money; the worker does the rest. */
    @EventPattern(topic, hears(attemptRequested))
    async request(received: Received<AttemptRequested>): Promise<Disposition> {
      const { platform, merchantId, notAfter } = received.event;
      const account = this.accounts.choose(platform, merchantId);
      const { heldMs = 0, partition } = received;
      const asking = { notAfter, heldMs, partition };
      const verdict = account && (await this.backlog.judge(account, asking));
      if (verdict === 'hold') return hold;
      const isTooLate = verdict === 'too_late';
      const stored = await this.attempts.store(received, account?.account, { isTooLate });
      switch (stored) {
        case 'stored':
        case 'duplicate':
          return done;
        case 'reused':
          return park('attempt id of another intent');
        case 'lost':
          return park(MAYBE_SENT);
      }
    }

    /** Keeps that it has to end. It may still end paid. */
    @EventPattern(topic, hears(attemptCloseRequested))
    async close(received: Received<AttemptCloseRequested>): Promise<Disposition> {
      const kept = await this.attempts.requestClose(received);
      switch (kept) {
        case 'kept':
        case 'duplicate':
          return done;
        case 'unknown':
          return park('no such attempt of this payment');
        case 'lost':
          return park(MAYBE_SENT);
      }
    }

    /** Stores the intent; the account that took the money gives it back. */
    @EventPattern(topic, hears(refundRequested))
    async refund(received: Received<RefundRequested>): Promise<Disposition> {
      const stored = await this.refunds.store(received);
      switch (stored) {
        case 'stored':
        case 'duplicate':
          return done;
        case 'reused':
          return park('refund id of another intent');
        case 'not_paid':
          return park('no such attempt of this payment took money');
        case 'lost':
          return park(MAYBE_SENT);
      }
    }
  }
  return HearCommandsConsumer;
}
