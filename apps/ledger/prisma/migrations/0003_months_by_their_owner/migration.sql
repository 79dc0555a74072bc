-- Who serves may not change the schema, where migrations run as a role of their own: it could drop the
-- triggers that keep the log append-only. The one thing that it needs, next month's partition, is made
-- as the function's owner, by names that nobody can put others in front of.
alter function make_month(timestamptz) security definer;
alter function make_month(timestamptz) set search_path = public, pg_temp;
