-- Expands only: what runs without it keeps running.

-- Every parked record that somebody put back: who, when, and what became of it. Kept for ever.
create table redrives (
  id bigint generated always as identity primary key,
  run_id uuid not null,
  ordered_by text not null,
  redriven_at timestamptz not null,
  -- Where it was told first, and which parked copy of it was put back.
  topic text not null,
  partition integer not null,
  record_offset bigint not null,
  parked_partition integer not null,
  parked_offset bigint not null,
  key text not null,
  error_code text not null,
  -- queued: it waits for its group. What the group then made of it is the end of it.
  outcome text not null check (outcome in ('queued', 'handled', 'parked_again')),
  concluded_at timestamptz,
  constraint redrives_concluded check ((outcome = 'queued') = (concluded_at is null)),
  -- A parked copy is put back once, however often the command is killed and run again.
  unique (topic, parked_partition, parked_offset)
);
create index redrives_queued on redrives (topic) where outcome = 'queued';
