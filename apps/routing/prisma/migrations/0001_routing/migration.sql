-- A payment as it was asked for: what every later decision about it starts from.
create table payment (
  payment_id uuid not null,
  event_version integer not null,
  -- Not jsonb, which refuses some texts that JSON allows: an event that was told must fit.
  requested json not null,
  policy_at timestamptz(3) not null,
  constraint payment_pkey primary key (payment_id)
);

-- One numbered answer to "which methods?". Never changed: a new answer has a new number.
create table decision (
  payment_id uuid not null,
  offer integer not null,
  decided_at timestamptz(3) not null,
  policy_version text not null,
  valid_until timestamptz(3),
  constraint decision_pkey primary key (payment_id, offer),
  constraint decision_payment_id_fkey foreign key (payment_id)
    references payment (payment_id) on update cascade on delete restrict
);

-- One method of the policy, with every reason against it; offered if there is none.
create table verdict (
  payment_id uuid not null,
  offer integer not null,
  position integer not null,
  method text not null,
  label text not null,
  against text[],
  constraint verdict_pkey primary key (payment_id, offer, position),
  constraint verdict_payment_id_offer_fkey foreign key (payment_id, offer)
    references decision (payment_id, offer) on update cascade on delete restrict
);

-- What routing answered to a choice, once and for all.
create table attempt (
  attempt_id char(26) not null,
  payment_id uuid not null,
  verdict text not null,
  offer integer not null,
  method text not null,
  reasons text[],
  decided_at timestamptz(3) not null,
  constraint attempt_pkey primary key (attempt_id),
  constraint attempt_payment_id_fkey foreign key (payment_id)
    references payment (payment_id) on update cascade on delete restrict,
  constraint attempt_verdict check (verdict in ('accepted', 'refused'))
);
create index attempt_payment_id_idx on attempt (payment_id);
