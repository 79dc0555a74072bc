-- Expands only: what runs without it keeps running. A hint that such a process gets is followed at once, as before.

-- The provider hinted at news while it was being asked: that answer may be older, so it is asked once more.
alter table attempts add column hinted boolean not null default false;
alter table refunds add column hinted boolean not null default false;
