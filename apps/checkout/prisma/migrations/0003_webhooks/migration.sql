-- Where a platform hears of its payments.
create table webhook_endpoint (
  endpoint_id text not null,
  platform text not null,
  url text not null,
  -- Signs what is sent; sealed with a key that is not in the database.
  secret text not null,
  -- The one before, which signs too until its time is over.
  old_secret text,
  old_secret_until timestamptz(3),
  created_at timestamptz(3) not null,
  disabled_at timestamptz(3),
  constraint webhook_endpoint_pkey primary key (endpoint_id),
  constraint webhook_endpoint_old_secret_check
    check ((old_secret is null) = (old_secret_until is null))
);
-- Looked at with every outcome.
create unique index webhook_endpoint_active on webhook_endpoint (platform, url)
  where disabled_at is null;

-- One payment's webhooks to one endpoint, sent one after another. Its row is locked by whoever adds,
-- takes or settles one of them.
create table webhook_stream (
  endpoint_id text not null,
  payment_id uuid not null,
  -- Numbers given so far, from 1 and without gaps.
  last_sequence integer not null,
  -- When its next webhook is due: while one is being sent, when that is taken for lost. Null: none is left.
  due_at timestamptz(3),
  -- Whose turn it is: only the worker that has it may settle.
  lease uuid,
  constraint webhook_stream_pkey primary key (endpoint_id, payment_id),
  constraint webhook_stream_endpoint_id_fkey foreign key (endpoint_id)
    references webhook_endpoint (endpoint_id) on delete restrict on update restrict,
  constraint webhook_stream_lease_check check (lease is null or due_at is not null)
) with (fillfactor = 80);
create index webhook_stream_due on webhook_stream (endpoint_id, due_at) where due_at is not null;
create index webhook_stream_leased on webhook_stream (endpoint_id, due_at) where lease is not null;

-- What one endpoint is told of one payment: its body never changes.
create table webhook_message (
  webhook_id text not null,
  endpoint_id text not null,
  payment_id uuid not null,
  sequence integer not null,
  -- Of the outcome, `payment.paid`.
  type text not null,
  body text not null,
  traceparent text,
  created_at timestamptz(3) not null,
  -- Since when it is tried: when it was made, or replayed.
  queued_at timestamptz(3) not null,
  -- pending, delivered or given_up.
  status text not null,
  tries integer not null,
  last_tried_at timestamptz(3),
  -- The last answer's status, or why there was none.
  last_status integer,
  last_fault text,
  constraint webhook_message_pkey primary key (webhook_id),
  constraint webhook_message_stream_fkey foreign key (endpoint_id, payment_id)
    references webhook_stream (endpoint_id, payment_id) on delete restrict on update restrict,
  constraint webhook_message_status_check check (status in ('pending', 'delivered', 'given_up')),
  constraint webhook_message_answer_check check (last_status is null or last_fault is null)
) with (fillfactor = 80);
create unique index webhook_message_sequence on webhook_message (endpoint_id, payment_id, sequence);
create index webhook_message_pending on webhook_message (endpoint_id, payment_id, sequence)
  where status = 'pending';
-- Listing and replaying, newest and oldest first.
create index webhook_message_listed on webhook_message (endpoint_id, webhook_id);
create index webhook_message_created_at_idx on webhook_message (created_at);
