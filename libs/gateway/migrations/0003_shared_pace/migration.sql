-- How much of each account is in use by all processes together. Expands only: a process that does not know
-- of it keeps to the limits by itself, so that for the length of a deployment both may use an account.

-- One row per account; whoever begins calls of it holds its lock while he takes them.
create table paces (
  account text primary key,
  -- When all calls that were begun so far are paid for at the account's rate: behind now, it is at rest.
  paced_until timestamptz not null default '-infinity'
) with (fillfactor = 70);

-- What each process has under way. What a killed one had is free again from held_until on.
create table pace_holds (
  account text not null references paces (account),
  worker uuid not null,
  calls integer not null check (calls >= 0),
  held_until timestamptz not null,
  primary key (account, worker)
) with (fillfactor = 70);
