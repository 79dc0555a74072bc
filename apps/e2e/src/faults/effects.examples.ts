import { readRows, RING_SERVICES, type Columns, type Ring, type RingService } from '@hutong/world';

/** Whom it has heard, and what it has told whom: both are numbered. */
const MESSAGES: Columns = { inbox: 'event_id', outbox_sequences: '*' };
const GATEWAY: Columns = {
  ...MESSAGES,
  attempts: 'attempt_id, status, submitted_at, provider_ref, paid_minor',
  refunds: 'refund_id, status, submitted_at, provider_ref, refunded_minor',
  notifications: 'count(*)',
};

/** What an event that had its effect a second time would have changed; all others are gateways. */
const EFFECTS: Readonly<Partial<Record<RingService, Columns>>> = {
  checkout: {
    ...MESSAGES,
    payment: 'payment_id, status, version',
    attempt: 'attempt_id, status',
    receipt: '*',
    refund: '*',
    webhook_message: 'webhook_id, sequence, status, tries',
  },
  routing: { ...MESSAGES, payment: '*', decision: '*', verdict: '*', attempt: '*', refund: '*' },
  ledger: { ...MESSAGES, ledger_event: '*', outcome_log: '*', account: '*' },
};

/** All of it, of every service. */
export const effectsIn = async (ring: Ring) =>
  Object.fromEntries(
    await Promise.all(
      RING_SERVICES.map(
        async (service) =>
          [service, await readRows(ring.databaseOf(service), EFFECTS[service] ?? GATEWAY)] as const,
      ),
    ),
  );
