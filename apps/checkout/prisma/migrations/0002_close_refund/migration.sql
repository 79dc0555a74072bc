-- Closing. A payment may now end before routing has answered.
alter table payment add column close_reason text;
alter table payment drop constraint payment_decision_check;
alter table payment add constraint payment_decision_check
  check (case status when 'requested' then decision is null
                     when 'closed' then true
                     else decision is not null end);
alter table payment add constraint payment_close_reason_check
  check ((close_reason is not null) = (status in ('closing', 'closed')));
-- What the sweep looks for: every payment is in it until it ends.
create index payment_deadline on payment (expires_at)
  where status in ('requested', 'offered', 'paying');

alter table attempt drop constraint attempt_reason_check;
alter table attempt add constraint attempt_reason_check
  check ((reason is not null) = (status in ('failed', 'closed', 'closing', 'unknown')));
-- Of which nobody is certain: few, and the oldest is shown.
create index attempt_uncertain on attempt (selected_at) where status in ('unknown', 'closing');

-- Surplus on its way back. One that an earlier release took has no due time: it is due at once.
alter table receipt add column surplus_due_at timestamptz(3);
alter table receipt add column surplus_stuck_at timestamptz(3);
alter table receipt add constraint receipt_surplus_at_check
  check ((surplus_due_at is null or surplus_status = 'taken')
    and (surplus_stuck_at is not null) = (surplus_status is not distinct from 'stuck'));
create index receipt_surplus_due on receipt ((coalesce(surplus_due_at, paid_at)))
  where surplus_status = 'taken';
create index receipt_surplus_stuck on receipt (surplus_stuck_at, payment_id)
  where surplus_status = 'stuck';
-- What is counted as open: little, since it goes back by itself.
create index receipt_surplus_open on receipt (surplus_status)
  where surplus_status in ('taken', 'refunding', 'stuck');

-- One try to give back money of one receipt.
create table refund (
  refund_id text not null,
  payment_id uuid not null,
  provider text not null,
  -- The provider's number of the money that is to go back.
  receipt_ref text not null,
  -- 0, 1, … among those of its receipt, in the order of asking.
  position integer not null,
  currency text not null,
  amount_minor bigint not null check (amount_minor > 0),
  -- The merchant's words for the payer.
  why text,
  requested_at timestamptz(3) not null,
  status text not null,
  -- Why it failed.
  reason text,
  -- The provider's number of the refund, and when it happened there.
  provider_ref text,
  refunded_at timestamptz(3),
  constraint refund_pkey primary key (refund_id),
  constraint refund_receipt_fkey foreign key (payment_id, provider, receipt_ref)
    references receipt (payment_id, provider, provider_ref) on delete restrict on update restrict,
  constraint refund_reason_check check ((reason is not null) = (status = 'failed')),
  constraint refund_succeeded_check check
    ((provider_ref is not null) = (status = 'succeeded')
      and (refunded_at is not null) = (status = 'succeeded'))
) with (fillfactor = 80);
create index refund_payment_id_provider_receipt_ref_idx on refund (payment_id, provider, receipt_ref);
create index refund_unsettled on refund (requested_at) where status in ('requested', 'pending');

-- Every time that an operator had stuck surplus tried again: who, and why.
create table surplus_retry (
  refund_id text not null,
  payment_id uuid not null,
  provider text not null,
  provider_ref text not null,
  operator text not null,
  reason text not null,
  asked_at timestamptz(3) not null,
  constraint surplus_retry_pkey primary key (refund_id)
);
create index surplus_retry_payment_id_idx on surplus_retry (payment_id);

alter table idempotent_request add column refund_id text;
