import type { Sql } from '@hutong/database';
import { instrumentCode, outcomeCode } from '../posting/codes.js';
import { kindsOf, type AdoptionInstrument } from '../posting/leaf.js';
import type { Period } from '../operator-api/period.js';
import type { Entity } from './entity.js';

export type AdoptionQuestion = Readonly<{
  entity: Entity;
  instrument: AdoptionInstrument;
  /** Left out: any. Payers and merchants belong to one platform each. */
  platform?: string;
  /** By the day on which it was booked. */
  period: Period;
}>;

/** An account's key ends in its currency, and a merchant has an account for each. */
const MEMBER: Record<Entity, string> = {
  payer: 'e.payer_key',
  merchant: 'left(a.external_ref, -4)',
};

export class Adoption {
  constructor(private readonly db: Sql) {}

  /** How many different ones, exactly: a payment makes a user, and a refund unmakes none. */
  async uniques({ entity, instrument, platform, period }: AdoptionQuestion): Promise<number> {
    const [row] = await this.db.query<{ n: bigint }>(
      `select count(distinct ${MEMBER[entity]}) as n
         from ledger_event e
         join scope s on s.scope_id = e.scope
         join platform p on p.platform_id = s.platform
         join account a on a.account_id = e.credit_acct
        where e.code = $1 and s.instrument = any($2::int2[])
          and ($3::text is null or p.slug = $3)
          and ($4::timestamptz is null or e.booked_at >= $4)
          and ($5::timestamptz is null or e.booked_at < $5)`,
      [
        outcomeCode['payment.paid'],
        kindsOf(instrument).map((kind) => instrumentCode[kind]),
        platform ?? null,
        period.from ?? null,
        period.to ?? null,
      ],
    );
    return Number(row?.n ?? 0n);
  }
}
