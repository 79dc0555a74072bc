-- What was written to each partition's part of the log, kept where it is not: rows that are lost,
-- slipped in or altered are then found. The digests of rows are joined by XOR, which knows no order:
-- an event whose payment was in trouble is written after those that were told later.
create function entry_digest(e ledger_event) returns bit(256) language sql stable as $$
  select ('x' || encode(sha256(record_send(row(e.off, e.gross, e.fee, e.occurred_at, e.booked_at,
    e.debit_acct, e.credit_acct, e.fee_acct, e.part, e.scope, e.code, e.dir, e.ccy,
    e.event_id, e.order_ref, e.payer_key))), 'hex'))::bit(256)
$$;

create function outcome_digest(o outcome_log) returns bit(256) language sql stable as $$
  select ('x' || encode(sha256(record_send(row(o.off, o.occurred_at, o.booked_at, o.part,
    o.scope, o.outcome, o.reason, o.event_id))), 'hex'))::bit(256)
$$;

alter table ingest_offset
  add column entries int8 not null default 0,
  add column outcomes int8 not null default 0,
  add column digest bit(256) not null default repeat('0', 256)::bit(256);

-- What the log holds now, by partition.
create view log_totals as
select part, count(*) filter (where entry) as entries, count(*) filter (where not entry) as outcomes,
       bit_xor(digest) as digest
from (
  select e.part, true as entry, entry_digest(e) as digest from ledger_event e
  union all
  select o.part, false, outcome_digest(o) from outcome_log o) logged
group by part;

update ingest_offset i
   set entries = t.entries, outcomes = t.outcomes, digest = t.digest
  from log_totals t
 where t.part = i.part and i.topic = 'payment.outcomes';
