-- From when on a key opens nothing; null for one that lasts until it is revoked.
alter table api_key add column expires_at timestamptz(3);
