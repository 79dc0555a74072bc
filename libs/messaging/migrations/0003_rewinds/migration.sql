-- Expands only: what runs without it keeps running.

-- Every time that this database was put back to an earlier moment and its group made to hear again what came
-- behind it: who, and from when to when. Commands of that time may have been carried out before.
create table rewinds (
  id bigint generated always as identity primary key,
  ordered_by text not null,
  rewound_at timestamptz not null,
  -- What was appended from then on is heard again; the margin is in it.
  heard_from timestamptz not null,
  -- Everything that was told before may have been heard before.
  heard_until timestamptz not null
);
