import type { Sql } from '@hutong/database';
import { instrumentCode, outcomeCode, presentationCode, providerCode } from '../posting/codes.js';
import type { ScopeNumbers } from '../posting/scope-words.js';
import { EPOCH } from '../store/beijing.js';
import type { Grain, VolumeQuestion } from './volume-question.js';

/** One cell: what was paid and paid back under a scope in a currency, in minor units. */
export type Volume = ScopeNumbers &
  Readonly<{
    /** Its first moment; of everything at once if no grain was asked for. */
    bucket: Date | null;
    ccy: number;
    ok: bigint;
    refunds: bigint;
    gross: bigint;
    fee: bigint;
    refunded: bigint;
    feeBack: bigint;
  }>;

/** How often an outcome that moved no money had a reason. */
export type ReasonCount = ScopeNumbers & Readonly<{ outcome: number; reason: number; n: bigint }>;

/** Buckets begin with the days in Beijing. */
const INTERVALS: Record<Grain, string> = { minute: '1 minute', hour: '1 hour', day: '1 day' };

const IN_SCOPE = `
       join scope s on s.scope_id = e.scope
       join platform p on p.platform_id = s.platform
      where ($1::text is null or p.slug = $1)
        and ($2::int2 is null or s.provider = $2)
        and ($3::int2 is null or s.instrument = $3)
        and ($4::int2 is null or s.presentation = $4)
        and ($5::timestamptz is null or e.occurred_at >= $5)
        and ($6::timestamptz is null or e.occurred_at < $6)`;

/** Sums over the log. */
export class Volumes {
  constructor(private readonly db: Sql) {}

  /** Surplus is none: it is on its accounts. */
  of(question: VolumeQuestion, grain: Grain | undefined): Promise<readonly Volume[]> {
    const { 'payment.paid': paid, 'payment.refunded': refunded } = outcomeCode;
    return this.db.query<Volume>(
      `select p.slug as platform, s.provider, s.instrument, s.presentation, e.ccy,
              date_bin($7::interval, e.occurred_at, ${EPOCH}) as bucket,
              count(*) filter (where e.code = ${paid}) as ok,
              count(*) filter (where e.code = ${refunded}) as refunds,
              coalesce(sum(e.gross) filter (where e.code = ${paid}), 0)::int8 as gross,
              coalesce(sum(e.fee) filter (where e.code = ${paid}), 0)::int8 as fee,
              coalesce(sum(e.gross) filter (where e.code = ${refunded}), 0)::int8 as refunded,
              coalesce(sum(e.fee) filter (where e.code = ${refunded}), 0)::int8 as "feeBack"
         from ledger_event e ${IN_SCOPE}
          and e.code in (${paid}, ${refunded})
        group by 1, 2, 3, 4, 5, 6
        order by 6, 1, 2, 3, 4, 5`,
      [...parametersOf(question), grain === undefined ? null : INTERVALS[grain]],
    );
  }

  reasons(question: VolumeQuestion): Promise<readonly ReasonCount[]> {
    return this.db.query<ReasonCount>(
      `select p.slug as platform, s.provider, s.instrument, s.presentation, e.outcome, e.reason,
              count(*) as n
         from outcome_log e ${IN_SCOPE}
        group by 1, 2, 3, 4, 5, 6
        order by 1, 2, 3, 4, 5, 6`,
      parametersOf(question),
    );
  }
}

const parametersOf = (q: VolumeQuestion): unknown[] => [
  q.platform ?? null,
  q.provider === undefined ? null : providerCode[q.provider],
  q.instrument === undefined ? null : instrumentCode[q.instrument],
  q.presentation === undefined ? null : presentationCode[q.presentation],
  q.period.from ?? null,
  q.period.to ?? null,
];
