-- One order to be paid once. Its row is locked by whoever moves it.
create table payment (
  payment_id uuid not null,
  platform text not null,
  merchant_id text not null,
  order_reference text not null,
  currency text not null,
  amount_minor bigint not null check (amount_minor > 0),
  description text not null,
  channel text not null,
  -- A keyed hash; the user's id itself is stored nowhere.
  payer_key text not null,
  requested_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  business_time timestamptz(3),
  status text not null,
  -- Counts what was saved: what long polls and entity tags compare.
  version integer not null,
  -- Routing's newest answer as it was told: type, version and data of the event.
  decision jsonb,
  constraint payment_pkey primary key (payment_id),
  constraint payment_decision_check check ((decision is null) = (status = 'requested'))
) with (fillfactor = 80);

-- Which payment an order has. Taken over by a new one only where the old can never be paid.
create table payment_of_order (
  platform text not null,
  merchant_id text not null,
  order_reference text not null,
  payment_id uuid not null,
  constraint payment_of_order_pkey primary key (platform, merchant_id, order_reference)
);

-- One try with one method. What only some statuses have is null in the others.
create table attempt (
  attempt_id text not null,
  payment_id uuid not null,
  -- 0, 1, … in the order of choosing.
  position integer not null,
  offer integer not null,
  method text not null,
  paid_by_another boolean not null,
  selected_at timestamptz(3) not null,
  status text not null,
  -- What the payer is shown, as it was told: version and data of the event.
  shown jsonb,
  -- Why it failed, was closed or is unknown: one word each.
  reason text,
  -- Why routing refused it, in words.
  reasons text[],
  constraint attempt_pkey primary key (attempt_id),
  constraint attempt_payment_id_fkey foreign key (payment_id)
    references payment (payment_id) on delete restrict on update restrict,
  constraint attempt_shown_check check
    (case status when 'awaiting_payer' then shown is not null
                 when 'unknown' then true
                 else shown is null end),
  constraint attempt_reason_check check
    ((reason is not null) = (status in ('failed', 'closed', 'unknown')))
) with (fillfactor = 80);
create index attempt_payment_id_idx on attempt (payment_id);

-- Money that a provider took: the payment's, or surplus. Never changed, but for a surplus' status.
create table receipt (
  payment_id uuid not null,
  provider text not null,
  provider_ref text not null,
  -- 0, 1, … in the order in which it was heard of.
  position integer not null,
  attempt_id text not null,
  instrument text not null,
  currency text not null,
  amount_minor bigint not null,
  paid_at timestamptz(3) not null,
  -- Null for what paid the payment; else why it is surplus.
  surplus_reason text,
  surplus_status text,
  constraint receipt_pkey primary key (payment_id, provider, provider_ref),
  constraint receipt_payment_id_fkey foreign key (payment_id)
    references payment (payment_id) on delete restrict on update restrict,
  constraint receipt_surplus_check check ((surplus_reason is null) = (surplus_status is null))
);

-- A request that took effect, remembered with it, so that its repetition has none.
create table idempotent_request (
  platform text not null,
  route text not null,
  key text not null,
  -- SHA-256 over path and body bytes, hex.
  fingerprint text not null,
  status integer not null,
  payment_id uuid not null,
  attempt_id text,
  created_at timestamptz(3) not null,
  constraint idempotent_request_pkey primary key (platform, route, key)
);
create index idempotent_request_created_at_idx on idempotent_request (created_at);

-- A platform's key by its hash: the key itself is nowhere.
create table api_key (
  key_id text not null,
  platform text not null,
  name text not null,
  scopes text[],
  sha256 text not null,
  created_at timestamptz(3) not null,
  revoked_at timestamptz(3),
  constraint api_key_pkey primary key (key_id)
);

-- Which pepper the payer keys were made with. One row, written by the first start.
create table pepper_fingerprint (
  id smallint not null check (id = 1),
  fingerprint text not null,
  constraint pepper_fingerprint_pkey primary key (id)
);
