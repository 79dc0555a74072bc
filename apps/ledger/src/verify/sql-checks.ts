import { accountKindCode } from '../posting/accounts.js';
import {
  currencyCode,
  instrumentCode,
  outcomeCode,
  presentationCode,
  providerCode,
  reasonCode,
} from '../posting/codes.js';
import type { DamageName } from './damage.js';

/** A rule that one query looks after. */
export type SqlCheck = Readonly<{
  check: string;
  error: DamageName;
  /** Answers `key` and `found` of the first place that breaks the rule, or nothing. */
  firstDamage: string;
}>;

const {
  'payment.paid': PAID,
  'payment.refunded': REFUNDED,
  'payment.surplus_taken': TAKEN,
  'payment.surplus_refunded': RETURNED,
} = outcomeCode;

const list = (codes: Readonly<Record<string, number>>): string => Object.values(codes).join(', ');
const words = (codes: Readonly<Record<string, number>>): string =>
  Object.entries(codes)
    .map(([word, code]) => `(${code}, '${word}')`)
    .join(', ');

/** Every row of the log, of either table. */
const LOGGED = `(select part, off, event_id, scope from ledger_event
       union all select part, off, event_id, scope from outcome_log) l`;

const firstOverReturned = (taken: number, returned: number): string => `
  select (array_agg(event_id order by event_id desc) filter (where code = ${returned}))[1]::text as key,
         'after it ' || sum(gross) filter (where code = ${returned}) || ' went back of '
           || coalesce(sum(gross) filter (where code = ${taken}), 0) as found
    from ledger_event where code in (${taken}, ${returned})
   group by debit_acct, credit_acct, payer_key, ccy
  having coalesce(sum(gross) filter (where code = ${returned}), 0)
         > coalesce(sum(gross) filter (where code = ${taken}), 0)
   order by 1 limit 1`;

export const SQL_CHECKS: readonly SqlCheck[] = [
  {
    check: 'rows are as they were written, and all there',
    error: 'RowsChanged',
    firstDamage: `
      select 'partition ' || coalesce(i.part, t.part) as key,
             format('%s entries and %s outcomes, of %s and %s that were written',
               coalesce(t.entries, 0), coalesce(t.outcomes, 0), i.entries, i.outcomes) as found
        from (select * from ingest_offset where topic = 'payment.outcomes') i
        full join log_totals t on t.part = i.part
       where (coalesce(t.entries, 0), coalesce(t.outcomes, 0),
              coalesce(t.digest, repeat('0', 256)::bit(256)))
             is distinct from (i.entries, i.outcomes, i.digest)
       order by coalesce(i.part, t.part) limit 1`,
  },
  {
    check: 'nothing can be changed or deleted',
    error: 'AppendOnlyLifted',
    firstDamage: `
      select c.oid::regclass || '.' || t.name as key, 'the trigger is missing or disabled' as found
        from (select inhrelid as oid from pg_inherits where inhparent = 'ledger_event'::regclass
              union all select unnest(array['ledger_event'::regclass, 'outcome_log'::regclass])) c
       cross join (values ('append_only'), ('no_truncate')) t (name)
        left join pg_trigger g on g.tgrelid = c.oid and g.tgname = t.name
         and g.tgenabled in ('O', 'A') and g.tgfoid = 'refuse_change'::regproc
       where g.oid is null order by 1 limit 1`,
  },
  {
    check: 'no entry is outside of its month',
    error: 'StrayRow',
    firstDamage: `
      select event_id::text as key, 'no partition is for its id' as found
        from ledger_event_stray order by event_id limit 1`,
  },
  {
    check: 'an event is booked once',
    error: 'EventTwice',
    firstDamage: `
      select event_id::text as key, 'is an entry, and an outcome without money' as found
        from ledger_event join outcome_log using (event_id) order by event_id limit 1`,
  },
  {
    check: 'a record is booked once',
    error: 'OffsetOverlap',
    firstDamage: `
      select format('partition %s offset %s', part, off) as key, count(*) || ' rows' as found
        from ${LOGGED} group by part, off having count(*) > 1 order by part, off limit 1`,
  },
  {
    check: 'nothing is booked that was not heard',
    error: 'OffsetAhead',
    firstDamage: `
      select format('partition %s offset %s', l.part, l.off) as key,
             'heard up to ' || coalesce(i.next_off::text, 'nothing') as found
        from ${LOGGED}
        left join ingest_offset i on i.part = l.part and i.topic = 'payment.outcomes'
       where l.off < 0 or l.off >= coalesce(i.next_off, 0) order by l.part, l.off limit 1`,
  },
  {
    check: 'every number has its word',
    error: 'UnknownWord',
    firstDamage: `
      select key, found from (
        select 'scope ' || s.scope_id as key, 'a number that was never given out' as found
          from scope s left join platform p on p.platform_id = s.platform
         where p.slug is null
            or (s.provider, s.instrument, s.presentation) is distinct from (0::int2, 0::int2, 0::int2)
           and not (s.provider in (${list(providerCode)})
             and s.instrument in (${list(instrumentCode)})
             and s.presentation in (${list(presentationCode)}))
        union all
        select event_id::text, 'scope ' || l.scope || ' is none'
          from ${LOGGED} left join scope s on s.scope_id = l.scope where s.scope_id is null
        union all
        select event_id::text, 'a code or currency that was never given out'
          from ledger_event
         where code not in (${PAID}, ${REFUNDED}, ${TAKEN}, ${RETURNED})
            or ccy not in (${list(currencyCode)})
        union all
        select event_id::text, 'an outcome or reason that was never given out'
          from outcome_log
         where outcome not in (${list(outcomeCode)})
            or outcome in (${PAID}, ${REFUNDED}, ${TAKEN}, ${RETURNED})
            or reason not in (${list(reasonCode)})) unknown
       order by key limit 1`,
  },
  {
    check: 'entries are legal',
    error: 'IllegalEntry',
    firstDamage: `
      select event_id::text as key, format('gross %s, fee %s, direction %s', gross, fee, dir) as found
        from ledger_event
       where gross <= 0 or fee < 0 or fee > gross
          or dir <> case when code in (${PAID}, ${TAKEN}) then 1 else -1 end
          or fee <> 0 and code in (${TAKEN}, ${RETURNED})
          or debit_acct = credit_acct or fee_acct in (debit_acct, credit_acct)
       order by event_id limit 1`,
  },
  {
    check: 'the postings of an entry balance',
    error: 'UnbalancedEvent',
    firstDamage: `
      select e.event_id::text as key, 'its postings sum to ' || coalesce(sum(x.amount)::text, 'nothing')
             as found
        from ledger_event e left join posting x on x.event_id = e.event_id
       group by e.event_id having coalesce(sum(x.amount), 1) <> 0 order by e.event_id limit 1`,
  },
  {
    check: 'accounts have the currency of their entries',
    error: 'CurrencyMixed',
    firstDamage: `
      select x.event_id as key,
             format('%s on account %s of %s', x.ccy, x.account_id, coalesce(a.ccy::text, 'none')) as found
        from (select ccy, account_id, min(event_id::text) as event_id
                from posting group by ccy, account_id) x
        left join account a on a.account_id = x.account_id
       where a.ccy is distinct from x.ccy order by x.event_id, x.account_id limit 1`,
  },
  {
    check: 'debits are credits, in every currency',
    error: 'BooksOutOfBalance',
    firstDamage: `
      select a.ccy::text as key, 'debits less credits are ' || sum(x.amount) as found
        from account a join posting x on x.account_id = a.account_id
       group by a.ccy having sum(x.amount) <> 0 order by a.ccy limit 1`,
  },
  {
    check: 'entries are on the accounts of their provider, platform and merchant',
    error: 'WrongAccount',
    firstDamage: `
      select e.event_id as key,
             format('on %s, %s and %s', d.external_ref, c.external_ref, f.external_ref) as found
        from (select scope, code, ccy, debit_acct, credit_acct, fee_acct,
                     min(event_id::text) as event_id
                from ledger_event group by 1, 2, 3, 4, 5, 6) e
        left join account d on d.account_id = e.debit_acct
        left join account c on c.account_id = e.credit_acct
        left join account f on f.account_id = e.fee_acct
        left join scope s on s.scope_id = e.scope
        left join platform p on p.platform_id = s.platform
        left join (values ${words(providerCode)}) provider (code, word) on provider.code = s.provider
        left join (values ${words(currencyCode)}) ccy (code, word) on ccy.code = e.ccy
       where (d.kind, f.kind, c.kind, d.external_ref, f.external_ref) is distinct from (
               ${accountKindCode.clearing}, ${accountKindCode.fee},
               case when e.code in (${PAID}, ${REFUNDED})
                 then ${accountKindCode.merchant} else ${accountKindCode.surplus} end,
               concat_ws(':', 'clearing', provider.word, p.slug, ccy.word),
               concat_ws(':', 'fee', provider.word, ccy.word))
          or (case when e.code in (${PAID}, ${REFUNDED})
                then starts_with(c.external_ref, 'merchant:' || p.slug || ':')
                  and c.external_ref like '%:' || ccy.word
                else c.external_ref = concat_ws(':', 'surplus', provider.word, ccy.word) end)
             is not true
       order by e.event_id limit 1`,
  },
  {
    check: 'an attempt or refund is booked once for what it is',
    error: 'OrderRepeated',
    firstDamage: `
      select (array_agg(event_id order by event_id))[2]::text as key,
             count(*) || ' entries of one order, the first is ' || (array_agg(event_id order by event_id))[1]
             as found
        from ledger_event group by code, order_ref having count(*) > 1 order by 1 limit 1`,
  },
  {
    check: 'nobody got back more from a merchant than he paid him',
    error: 'RefundedMoreThanPaid',
    firstDamage: firstOverReturned(PAID, REFUNDED),
  },
  {
    check: 'no more surplus went back than was taken',
    error: 'SurplusOverReturned',
    firstDamage: firstOverReturned(TAKEN, RETURNED),
  },
];
