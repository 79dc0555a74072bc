-- Requests about webhook endpoints are remembered as those about payments are. The release before goes
-- on writing rows with a payment, and never reads one without: it does not read these routes' keys.
--
-- From this release on a fingerprint is an HMAC-SHA-256 under a key derived from the pepper, no longer a
-- SHA-256. One that was written before matches no request: whoever repeats one across the upgrade is
-- told that the key was used for another (422), for the 30 days that such rows are kept.
alter table idempotent_request
  alter column payment_id drop not null,
  -- Of a request about a webhook endpoint; such a one has no payment.
  add column endpoint_id text,
  -- Of a replay: how many webhooks it queued, and from when on to continue if there were more.
  add column queued integer,
  add column continue_from timestamptz(3),
  -- Not validated, which would read a month of requests under a lock: older rows all have a payment,
  -- since the column could not be null.
  add constraint idempotent_request_subject_check
    check (num_nonnulls(payment_id, endpoint_id) = 1) not valid,
  add constraint idempotent_request_made_check
    check (case when endpoint_id is null
                then queued is null and continue_from is null
                else attempt_id is null and refund_id is null
                     and (queued is not null or continue_from is null) end) not valid;
