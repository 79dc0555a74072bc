-- Expands only: what runs without it keeps running, and ends what it could not send as `not_submitted`.

-- Why the last sending did not reach the provider, of an attempt that waits to be sent again.
alter table attempts add column unreached text;
