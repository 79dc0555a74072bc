import type { Sql } from '@hutong/database';
import type { Paid } from './gateway-port.js';

/** Something that a provider verifiably said and that does not agree with our books. */
export type Quarantined = Readonly<{
  account: string;
  /** Of the notification or query that said it: the same again is the same entry. */
  sourceId: string;
  orderNumber: string | undefined;
  reason: string;
  /** Amounts, references and merchant numbers as told; nothing of the payer. */
  told: Readonly<Record<string, string>>;
  receivedAt: Date;
}>;

/** Money as `told`. */
export const paidFacts = ({
  providerRef,
  amount,
  paidAt,
}: Pick<Paid, 'providerRef' | 'amount' | 'paidAt'>): Quarantined['told'] => ({
  providerRef,
  currency: amount.currency,
  minor: amount.minor.toString(),
  paidAt: paidAt.toISOString(),
});

/** Keeps it for people. @returns false if it was there before. */
export async function quarantine(tx: Sql, q: Quarantined): Promise<boolean> {
  const rows = await tx.query(
    `insert into quarantine (account, source_id, order_number, reason, told, received_at)
     values ($1, $2, $3, $4, $5::jsonb, $6::timestamptz)
     on conflict do nothing returning id`,
    [q.account, q.sourceId, q.orderNumber ?? null, q.reason, JSON.stringify(q.told), q.receivedAt],
  );
  return rows.length === 1;
}
