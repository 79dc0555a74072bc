alter table attempt add column paid_by_another boolean not null default false;

-- An attempt that was to be closed before its choice was heard: the choice is refused when it comes.
create table early_close (
  attempt_id char(26) not null,
  payment_id uuid not null,
  asked_at timestamptz(3) not null,
  constraint early_close_pkey primary key (attempt_id),
  constraint early_close_payment_id_fkey foreign key (payment_id)
    references payment (payment_id) on update cascade on delete restrict
);
create index early_close_payment_id_idx on early_close (payment_id);

-- What a gateway was commanded to give back, once per refund id.
create table refund (
  refund_id char(26) not null,
  payment_id uuid not null,
  attempt_id char(26) not null,
  provider text not null,
  commanded_at timestamptz(3) not null,
  constraint refund_pkey primary key (refund_id),
  constraint refund_payment_id_fkey foreign key (payment_id)
    references payment (payment_id) on update cascade on delete restrict
);
create index refund_payment_id_idx on refund (payment_id);

-- Every turn of an operator's switch. The newest of a target is its state: one table, so that what is
-- so and who made it so cannot disagree.
create table switch_turn (
  id bigserial not null,
  -- A provider, or a method as it is written.
  target text not null,
  off boolean not null,
  turned_by text not null,
  reason text not null,
  turned_at timestamptz(3) not null,
  constraint switch_turn_pkey primary key (id)
);
create index switch_turn_target_id_idx on switch_turn (target, id);

-- One row per provider; none means closed since ever.
create table circuit (
  provider text not null,
  state text not null,
  since timestamptz(3) not null,
  -- Only while open: when the next attempt may try the provider.
  probe_at timestamptz(3),
  constraint circuit_pkey primary key (provider),
  constraint circuit_state check (
    (state = 'closed' and probe_at is null) or (state = 'open' and probe_at is not null)
  )
);

-- Reports of a provider, counted in slots of time that are used again and again. A row per partition:
-- those who count at the same time never wait for one another.
create table report_tally (
  provider text not null,
  partition integer not null,
  slot integer not null,
  began_at timestamptz(3) not null,
  good integer not null,
  bad integer not null,
  constraint report_tally_pkey primary key (provider, partition, slot)
);
