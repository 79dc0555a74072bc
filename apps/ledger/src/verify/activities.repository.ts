import type { Sql } from '@hutong/database';
import { accountName } from '../posting/accounts.js';
import { outcomeCode } from '../posting/codes.js';
import { dayOf } from '../posting/day.js';
import type { Activity } from './brute-force.js';

const PAGE = 10_000;

type Row = Readonly<{
  id: string;
  payer: string;
  at: Date;
  platform: string | null;
  instrument: number | null;
  account: string | null;
}>;

/** Every payment in the log. What it refers to may be missing, and then has a name of its own. */
export async function readActivities(db: Sql): Promise<readonly Activity[]> {
  const all: Activity[] = [];
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const page = await db.query<Row>(
      `select e.event_id::text as id, e.payer_key::text as payer, e.booked_at as at,
              p.slug as platform, s.instrument, a.external_ref as account
         from ledger_event e
         left join scope s on s.scope_id = e.scope
         left join platform p on p.platform_id = s.platform
         left join account a on a.account_id = e.credit_acct
        where e.code = ${outcomeCode['payment.paid']} and e.event_id > $1::uuid
        order by e.event_id limit ${PAGE}`,
      [after],
    );
    all.push(...page.map(activityOf));
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return all;
    after = last.id;
  }
}

const activityOf = ({ payer, at, platform, instrument, account }: Row): Activity => ({
  payer,
  merchant: accountName(account ?? 'none:'),
  day: dayOf(at),
  platform: platform ?? 'none',
  instrument: instrument ?? -1,
});
