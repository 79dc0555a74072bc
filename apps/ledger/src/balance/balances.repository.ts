import type { Sql } from '@hutong/database';
import { ok, refuse, type Result } from '@hutong/result';
import { accountKindCode, type HouseAccountKind } from '../posting/accounts.js';

/** An account and what was posted to it, in minor units of its one currency. */
export type Balance = Readonly<{
  ref: string;
  kind: number;
  ccy: number;
  debits: bigint;
  credits: bigint;
}>;

export type AccountRefusal = Readonly<{ code: 'account_unknown' }>;

const SUMS = `
       select a.external_ref as ref, a.kind, a.ccy,
              coalesce(sum(x.amount) filter (where x.amount > 0), 0)::int8 as debits,
              coalesce(-sum(x.amount) filter (where x.amount < 0), 0)::int8 as credits
         from account a left join posting x on x.account_id = a.account_id`;

export class Balances {
  constructor(private readonly db: Sql) {}

  /** The sum of all postings of an account. @param ref as a caller wrote it. */
  async of(ref: string): Promise<Result<Balance, AccountRefusal>> {
    if (ref.includes('\0')) return refuse({ code: 'account_unknown' }); // no text to PostgreSQL
    const [row] = await this.db.query<Balance>(
      `${SUMS} where a.external_ref = $1 group by a.account_id`,
      [ref],
    );
    return row === undefined ? refuse({ code: 'account_unknown' }) : ok(row);
  }

  /** All accounts of a kind: a few for each provider. Merchants have too many. */
  all(kind: HouseAccountKind): Promise<readonly Balance[]> {
    return this.db.query<Balance>(
      `${SUMS} where a.kind = $1 group by a.account_id order by a.external_ref`,
      [accountKindCode[kind]],
    );
  }
}
