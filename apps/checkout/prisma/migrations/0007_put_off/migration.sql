-- Work that came due and could not be done. Its payment is passed over by that work until then, so that
-- however many there are, they hold up nothing behind them. Gone once the work is done.
create table put_off (
  -- Which work: close, surplus.
  chore text not null,
  payment_id uuid not null,
  -- In a row.
  failures integer not null,
  until timestamptz(3) not null,
  constraint put_off_pkey primary key (chore, payment_id)
);
