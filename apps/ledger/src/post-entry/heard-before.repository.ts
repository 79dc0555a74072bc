import type { Sql } from '@hutong/database';
import { platformId, type EventId } from '@hutong/domain-events';
import type { EntryRow, OutcomeRow } from '../posting/log-row.js';

/** What an event id stands for in the log already, in the words of its row. */
export async function heardBefore(
  tx: Sql,
  id: EventId,
): Promise<EntryRow | OutcomeRow | undefined> {
  const [there] = await tx.query<{ entry: boolean; outcome: boolean }>(
    `select exists (select from ledger_event where event_id = $1::uuid) as entry,
            exists (select from outcome_log where event_id = $1::uuid) as outcome`,
    [id],
  );
  if (there?.entry === true) return findEntry(tx, id);
  if (there?.outcome === true) return findOutcome(tx, id);
  return undefined; // as nearly always: the words are joined together for the others alone
}

type ScopeWords = Readonly<{
  slug: string;
  provider: number;
  instrument: number;
  presentation: number;
}>;

const SCOPE_WORDS = 'p.slug, s.provider, s.instrument, s.presentation';
const WITH_SCOPE = `join scope s on s.scope_id = e.scope
                    join platform p on p.platform_id = s.platform`;

async function findEntry(tx: Sql, id: EventId): Promise<EntryRow | undefined> {
  const [row] = await tx.query<ScopeWords & Omit<EntryRow, 'kind' | 'scope'>>(
    `select ${SCOPE_WORDS}, e.code, e.occurred_at as "occurredAt", e.gross, e.ccy, e.dir,
            d.external_ref as debit, c.external_ref as credit, e.order_ref::text as "orderRef",
            replace(e.payer_key::text, '-', '') as "payerKey"
       from ledger_event e ${WITH_SCOPE}
       join account d on d.account_id = e.debit_acct
       join account c on c.account_id = e.credit_acct
      where e.event_id = $1::uuid`,
    [id],
  );
  return row && { kind: 'entry', ...inScope(row) };
}

async function findOutcome(tx: Sql, id: EventId): Promise<OutcomeRow | undefined> {
  const [row] = await tx.query<ScopeWords & Omit<OutcomeRow, 'kind' | 'scope'>>(
    `select ${SCOPE_WORDS}, e.outcome as code, e.reason, e.occurred_at as "occurredAt"
       from outcome_log e ${WITH_SCOPE} where e.event_id = $1::uuid`,
    [id],
  );
  return row && { kind: 'outcome', ...inScope(row) };
}

function inScope<Row extends ScopeWords>(row: Row) {
  const { slug, provider, instrument, presentation, ...rest } = row;
  return { ...rest, scope: { platform: platformId(slug), provider, instrument, presentation } };
}
