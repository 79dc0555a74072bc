-- Expands only: what runs without it keeps running, and starts the count anew.

-- Since when, and how often without another answer between, the provider has said that it has no such refund
-- although none can arrive any more.
alter table refunds add column missing_since timestamptz;
alter table refunds add column missing_times integer not null default 0;
