-- One row per attempt: the intent from routing, what was prepared, what is known, what is to be done.
create table attempts (
  -- The order number at the provider.
  attempt_id text primary key,
  payment_id uuid not null,
  platform text not null,
  merchant_id text not null,
  method text not null,
  currency text not null,
  amount_minor bigint not null check (amount_minor >= 0),
  description text not null,
  channel text not null,
  return_url text,
  -- What only the provider may know of the payer. Deleted with the first answer to a submit.
  sealed_payer text,
  -- The payment's deadline; the order's own one is provider_expires_at.
  expires_at timestamptz not null,
  not_after timestamptz not null,
  business_time timestamptz,
  traceparent text,
  requested_at timestamptz not null,
  -- The provider account that takes the money; '' if none was registered when the intent came.
  account text not null,

  -- What is sent, byte for byte the same each time, stored before it is sent.
  prepared_body bytea,
  prepared_fields jsonb,
  provider_expires_at timestamptz,
  submitted_at timestamptz,
  constraint prepared_whole check (
    (prepared_body is null) = (prepared_fields is null)
    and (prepared_body is null) = (provider_expires_at is null)
    and (prepared_body is null) = (submitted_at is null)
  ),

  -- The state: each status has its own columns, and no others.
  status text not null check (
    status in ('requested', 'submitted', 'awaiting_payer', 'unknown', 'succeeded', 'failed', 'closed')
  ),
  action jsonb,
  unknown_cause text,
  failure_reason text,
  close_reason text,
  provider_ref text,
  instrument text,
  paid_currency text,
  paid_minor bigint check (paid_minor >= 0),
  paid_at timestamptz,
  late boolean,
  constraint action_when_awaiting check ((status = 'awaiting_payer') = (action is not null)),
  constraint cause_when_unknown check ((status = 'unknown') = (unknown_cause is not null)),
  constraint reason_when_failed check ((status = 'failed') = (failure_reason is not null)),
  constraint reason_when_closed check ((status = 'closed') = (close_reason is not null)),
  constraint paid_when_succeeded check (
    num_nonnulls(provider_ref, instrument, paid_currency, paid_minor, paid_at, late)
      = case when status = 'succeeded' then 6 else 0 end
  ),

  -- What is to be asked of the provider, and from when on. Null when nothing is.
  due_action text check (due_action in ('query', 'submit')),
  due_at timestamptz,
  constraint due_whole check ((due_action is null) = (due_at is null)),

  -- Who is at it. The lease is timed by the database's clock; results count only under their fence.
  lease_owner text,
  leased_until timestamptz,
  fence bigint not null default 0
) with (fillfactor = 70);
create index attempts_due on attempts (account, due_action, due_at) where due_at is not null;
create index attempts_waiting on attempts (due_at) where due_action = 'submit';
create index attempts_payment on attempts (payment_id);

-- Verified notifications, stored before the provider is answered. Their id survives its retries.
create table notifications (
  account text not null,
  notification_id text not null,
  attempt_id text not null references attempts (attempt_id),
  provider_ref text not null,
  currency text not null,
  amount_minor bigint not null check (amount_minor >= 0),
  paid_at timestamptz not null,
  received_at timestamptz not null,
  primary key (account, notification_id)
);
create index notifications_attempt on notifications (attempt_id);

-- What a provider verifiably said and we could not make agree with our own books: for people.
create table quarantine (
  id bigint generated always as identity primary key,
  account text not null,
  -- Of the notification, or of the query, that said it.
  source_id text not null,
  -- As told: may be an order that we never made.
  order_number text,
  reason text not null,
  -- Amounts, references and merchant numbers as told; nothing of the payer.
  told jsonb not null,
  received_at timestamptz not null,
  unique (account, source_id, reason)
);

-- A capped sample of what was refused for want of a valid signature. Never the body: whose data is in
-- it is not known.
create table refused_notifications (
  id bigint generated always as identity primary key,
  account text not null,
  reason text not null,
  -- The key and the time that it names.
  claims jsonb not null,
  body_bytes integer not null,
  body_sha256 text not null,
  received_at timestamptz not null
);
