-- Effects once: an event's id is remembered in the transaction of its effects.
create table inbox (
  event_id uuid primary key,
  received_at timestamptz not null default now()
);
create index inbox_received_at on inbox (received_at);

-- This service's count of events per key. Appending locks the key's row until commit, so that
-- for one key the order of outbox ids is the order of commits. Kept as long as the key may speak.
create table outbox_sequences (
  key text primary key,
  last bigint not null
) with (fillfactor = 80);

-- Records ready to send, deleted once the broker has acknowledged them.
create table outbox (
  id bigint generated always as identity primary key,
  shard smallint not null,
  topic text not null,
  key text not null,
  value bytea not null,
  headers jsonb not null,
  appended_at timestamptz not null
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
create index outbox_shard on outbox (shard, id);

-- Keys in transient trouble: their events queue here while other keys flow.
create table parked_keys (
  topic text not null,
  key text not null,
  attempts integer not null,
  first_failed_at timestamptz not null,
  next_attempt_at timestamptz not null,
  -- Name and code of the last fault; never its message, which may quote anybody's data.
  error_class text not null,
  error_code text not null,
  primary key (topic, key)
);
create index parked_keys_due on parked_keys (next_attempt_at);

-- The queued records of parked keys, byte for byte: headers as [name, base64 or null] pairs, in
-- json and not jsonb, which refuses a name with a NUL in it.
create table parked_messages (
  id bigint generated always as identity primary key,
  topic text not null,
  key text not null,
  partition integer not null,
  record_offset bigint not null,
  appended_at timestamptz not null,
  record_key bytea,
  value bytea,
  headers json not null,
  foreign key (topic, key) references parked_keys (topic, key),
  -- A redelivery of the same record is the same entry.
  unique (topic, partition, record_offset)
);
create index parked_messages_queue on parked_messages (topic, key, id);
