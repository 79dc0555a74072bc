import type { Mutant } from './mutant.js';

/**
 * Every safeguard that the promises rest on, gone. Patched away in a copy: nothing in the sources knows how
 * to do without it.
 */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'inbox',
    loses: 'an event that comes twice has its effect twice',
    file: 'libs/messaging/src/inbox.ts',
    before: 'return rows.length === 1;\n}\n\n/**\n * Whether the effects',
    after: 'return rows.length >= 0;\n}\n\n/**\n * Whether the effects',
    specs: ['libs/messaging/src/delivery.int.spec.ts'],
  },
  {
    name: 'outbox',
    loses: 'what the broker did not acknowledge is never told',
    file: 'libs/messaging/src/outbox.repository.ts',
    before: 'await send(some);',
    after: 'await send(some).catch(() => undefined);',
    specs: ['libs/messaging/src/outbox.repository.int.spec.ts'],
  },
  {
    name: 'fencing',
    loses: 'who lost its lease still writes what it heard',
    file: 'libs/gateway/src/attempt-writes.repository.ts',
    before: '($2::bigint is null or fence = $2::bigint)',
    after: '($2::bigint is null or fence >= $2::bigint)',
    specs: ['libs/gateway/src/attempts.int.spec.ts'],
  },
  {
    name: 'refund-fencing',
    loses: 'the same of refunds',
    file: 'libs/gateway/src/refund-writes.repository.ts',
    before: '($2::bigint is null or fence = $2::bigint)',
    after: '($2::bigint is null or fence >= $2::bigint)',
    specs: ['libs/gateway/src/refunds.int.spec.ts'],
  },
  {
    name: 'winner',
    loses: 'two successes that arrive together both pay the payment',
    file: 'apps/checkout/src/store/saved-payment.repository.ts',
    before: '${WHOLE} for update of p',
    after: '${WHOLE}',
    specs: ['apps/checkout/src/store/one-winner.int.spec.ts'],
  },
  {
    name: 'quarantine',
    loses: 'a verified notification of another amount pays the order',
    file: 'libs/gateway/src/compare.ts',
    before: "return equals(told.paid.amount, own.amount) ? undefined : 'other_amount';",
    after: 'return undefined;',
    specs: ['libs/gateway/src/compare.spec.ts', 'libs/gateway/src/gateway.int.spec.ts'],
  },
  {
    name: 'query-before-close',
    loses: 'an order that may be paid is ended without asking',
    file: 'libs/gateway/src/next-work.ts',
    before: "return { action: 'query', at: event.type === 'close_answered' ? soon(times) : now };",
    after: "return { action: 'close', at: now };",
    specs: ['libs/gateway/src/next-work.spec.ts', 'libs/gateway/src/attempts.int.spec.ts'],
  },
  {
    name: 'producer-discard',
    loses: 'a producer goes on after a rejected send, and may acknowledge what no log holds',
    file: 'libs/messaging/src/sender.ts',
    before:
      'if (this.producer === current) this.producer = undefined;\n      void this.discard(current);',
    after: '',
    specs: ['libs/messaging/src/sender.int.spec.ts'],
  },
];
