-- Expands only: what runs without it keeps running. To such a process `close` is a question like any other.

-- Who asked for the end of an attempt: routing, or the payment's deadline. `close_sent_at`: the provider was
-- asked to close it, so that what it reports closed from then on was closed by us.
alter table attempts
  add column close_asked text,
  add column close_asked_at timestamptz,
  add column close_sent_at timestamptz,
  -- When it was sent last: so long ago, nothing of it can still be on its way.
  add column sent_at timestamptz,
  add constraint close_whole check ((close_asked is null) = (close_asked_at is null)),
  add constraint close_asked_first check (close_sent_at is null or close_asked is not null),
  drop constraint attempts_due_action_check,
  add constraint attempts_due_action_check check (due_action in ('close', 'query', 'submit'));

-- One row per refund, with a lease and a fence of its own.
create table refunds (
  -- The refund number at the provider.
  refund_id text primary key,
  attempt_id text not null references attempts (attempt_id),
  payment_id uuid not null,
  currency text not null,
  amount_minor bigint not null check (amount_minor >= 0),
  reason text,
  business_time timestamptz,
  traceparent text,
  requested_at timestamptz not null,
  -- The account that took the money: it alone can give it back.
  account text not null,

  -- What is sent, byte for byte the same each time, stored before it is sent.
  prepared_body bytea,
  prepared_fields jsonb,
  -- First and last time.
  submitted_at timestamptz,
  sent_at timestamptz,
  constraint prepared_whole check (
    (prepared_body is null) = (prepared_fields is null)
    and (prepared_body is null) = (submitted_at is null)
    and (prepared_body is null) = (sent_at is null)
  ),

  status text not null check (
    status in ('requested', 'submitted', 'pending', 'unknown', 'succeeded', 'failed')
  ),
  unknown_cause text,
  failure_reason text,
  provider_ref text,
  refunded_currency text,
  refunded_minor bigint check (refunded_minor >= 0),
  refunded_at timestamptz,
  constraint cause_when_unknown check ((status = 'unknown') = (unknown_cause is not null)),
  constraint reason_when_failed check ((status = 'failed') = (failure_reason is not null)),
  constraint refunded_when_succeeded check (
    num_nonnulls(provider_ref, refunded_currency, refunded_minor, refunded_at)
      = case when status = 'succeeded' then 4 else 0 end
  ),

  due_action text check (due_action in ('query', 'refund')),
  due_at timestamptz,
  constraint due_whole check ((due_action is null) = (due_at is null)),
  lease_owner text,
  leased_until timestamptz,
  fence bigint not null default 0
) with (fillfactor = 70);
create index refunds_due on refunds (account, due_action, due_at) where due_at is not null;
create index refunds_attempt on refunds (attempt_id);

-- Verified notifications of refunds, stored before the provider is answered.
create table refund_notifications (
  account text not null,
  notification_id text not null,
  refund_id text not null references refunds (refund_id),
  -- What it told: `succeeded`, `pending`, `failed`.
  told text not null,
  received_at timestamptz not null,
  primary key (account, notification_id)
);
create index refund_notifications_refund on refund_notifications (refund_id);
