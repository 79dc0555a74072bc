/** What an operator makes of a metric. */
export type Note = Readonly<
  { what: string } & ({ alert: string; for: string } | { alert?: undefined })
>;

/** A count that rose, or a series that was not there before, of which `increase` alone sees nothing. */
const anyOf = (series: string, window: string): string =>
  `increase(${series}[${window}]) > 0 or ${series} > 0 unless ${series} offset ${window}`;

/** By the name of the metric. */
export const NOTES: Readonly<Record<string, Note>> = {
  hutong_consumer_events_total: {
    what: 'Outcomes: `done`; `skipped` (a type that this service does not need); `retried`; `queued` (behind a parked key); `key_parked` (in trouble, tried again by itself); `parked` (a record that waits for a person). For `parked` run `redrive`.',
    alert: anyOf('hutong_consumer_events_total{outcome="parked"}', '10m'),
    for: 'at once',
  },
  hutong_consumer_handling_seconds: {
    what: 'If it rises, look at the database first: a handler is mostly one transaction.',
  },
  hutong_consumer_lag_records: {
    what: 'Shown when a batch ends, so it stands still with a consumer that stands still: look at the next three too. If it only grows, start more workers, up to one for each partition.',
    alert: 'sum by (service) (hutong_consumer_lag_records) > 1000',
    for: 'for 5 minutes',
  },
  hutong_consumer_parked_keys: {
    what: 'A key is one payment. It is tried again by itself, after 2 s and then up to every 30 s. If some stay, something is wrong that does not pass: read the log for their fault.',
    alert: 'max by (service) (hutong_consumer_parked_keys) > 0',
    for: 'for 5 minutes',
  },
  hutong_consumer_joined: {
    what: '0 for a moment at each start and each change of members. If it stays, the instance hears nothing: see whether it reaches the broker, and whether the broker refuses its login.',
    alert: 'hutong_consumer_joined == 0',
    for: 'for 3 minutes',
  },
  hutong_consumer_heartbeat_age_seconds: {
    what: 'Beyond 30 s the group takes the instance for dead. It is measured when somebody asks for the health of the process.',
    alert: 'hutong_consumer_heartbeat_age_seconds > 30',
    for: 'for 1 minute',
  },
  hutong_consumer_fetch_age_seconds: {
    what: 'Rises during a long batch, which is fine as long as heartbeats go on. With both silent for 30 s the instance is not ready.',
  },
  hutong_outbox_sent_total: {
    what: 'None for a long time while payments are made: look at the oldest row.',
  },
  hutong_outbox_failures_total: {
    what: 'Nothing is lost: the rows stay and are sent again. If it goes on, the broker is away or refuses.',
    alert: 'increase(hutong_outbox_failures_total[5m]) > 5',
    for: 'for 5 minutes',
  },
  hutong_outbox_rows: {
    what: 'Some are always there under load. A growing number is told apart from a busy one by the age of the oldest.',
  },
  hutong_outbox_oldest_row_age_seconds: {
    what: 'Usually below a second. What waits here is committed, and nobody else knows of it yet. See [a growing outbox](operations.md#an-outbox-grows).',
    alert: 'max by (service) (hutong_outbox_oldest_row_age_seconds) > 30',
    for: 'for 2 minutes',
  },
  http_server_request_duration_seconds: {
    what: '`route` is the template of the path, or `none`; `status` is the number. Requests that wait (`?wait=`, `Prefer: wait`) and event streams take as long as they were asked to. 503 is a database that is away, 500 a mistake of ours: search the log by `traceId`.',
    alert:
      'sum by (service) (rate(http_server_request_duration_seconds_count{status=~"5.."}[5m])) / sum by (service) (rate(http_server_request_duration_seconds_count[5m])) > 0.01',
    for: 'for 5 minutes',
  },
  hutong_checkout_payments_total: {
    what: 'How many came into each status. Of those that are offered the share that is paid is the figure for the business; a sudden fall is for people.',
  },
  hutong_checkout_attempts_total: {
    what: 'By provider and status. Many `unknown` of one provider: it does not answer, and its circuit opens.',
  },
  hutong_checkout_surplus_total: {
    what: 'Reasons: `second_success`, `after_close`, `wrong_amount`. It goes back by itself. A `wrong_amount` should never happen: ask the provider.',
    alert: anyOf('hutong_checkout_surplus_total{reason="wrong_amount"}', '1h'),
    for: 'at once',
  },
  hutong_checkout_refunds_total: {
    what: '`of` says whether a payment or surplus went back. Many `failed`: the account at the provider, most often empty.',
  },
  hutong_checkout_surplus_open: {
    what: '`taken` and `refunding` go back by themselves. `stuck` was refused seven times and is for a person: [stuck surplus](operations.md#surplus-is-stuck).',
    alert: 'max(hutong_checkout_surplus_open{status="stuck"}) > 0',
    for: 'at once',
  },
  hutong_checkout_refunds_open: {
    what: 'Refunds may take minutes to days, depending on the provider. If it only grows for days, ask the provider about the oldest.',
  },
  hutong_checkout_oldest_uncertain_attempt_seconds: {
    what: 'An attempt may stay uncertain until its order has ended at the provider, some minutes behind the deadline of its payment (15 minutes by default, 7 days at most). An older one: search the log of its gateway for the attempt. Platforms with longer deadlines need a higher threshold.',
    alert: 'max(hutong_checkout_oldest_uncertain_attempt_seconds) > 3600',
    for: 'for 15 minutes',
  },
  hutong_checkout_put_off: {
    what: 'What failed when it came due, and is tried again after 10 s, then up to an hour. If some stay, the log says why, by payment.',
    alert: 'max(hutong_checkout_put_off) > 0',
    for: 'for 1 hour',
  },
  hutong_checkout_webhooks_total: {
    what: 'Results: `delivered`, `tried_again_later`, `given_up` (after 30 days), `lease_lost` (another worker took it over). Answers are a class of status (`2xx`) or a fault. A platform sees its own under `GET …/deliveries`.',
    alert: anyOf('hutong_checkout_webhooks_total{result="given_up"}', '1h'),
    for: 'at once',
  },
  hutong_checkout_webhooks_under_way: {
    what: 'At most 128 of one worker, and 16 spare. At the bound all the time: slow receivers, or too few workers.',
  },
  hutong_checkout_waiters: {
    what: 'Each costs a look at the database a second. One key has at most 500 on an instance.',
  },
  hutong_checkout_streams: {
    what: 'Each lives ten minutes at most. One key has at most 200 on an instance.',
  },
  hutong_routing_decisions_total: {
    what: '`not_offered` means that a payer could pay by nothing. If its share rises, ask `GET /decisions/{paymentId}` why.',
    alert:
      'sum(rate(hutong_routing_decisions_total{result="not_offered"}[10m])) / sum(rate(hutong_routing_decisions_total[10m])) > 0.05',
    for: 'for 10 minutes',
  },
  hutong_routing_verdicts_total: {
    what: 'By provider: how often its methods were offered or left out. Shows what a policy or a switch does.',
  },
  hutong_routing_choices_total: {
    what: '`refused` means that the offer was out of date, or its provider switched off or away meanwhile: the payer got a new offer.',
  },
  hutong_routing_reports_total: {
    what: 'What gateways report, by type. `attempt.unknown` of one provider is what its circuit counts.',
  },
  hutong_routing_closings_total: {
    what: '`commanded` to a gateway, `refused` (was never sent), `remembered` (its choice is not here yet: it was parked).',
  },
  hutong_routing_refunds_total: {
    what: 'Refunds that were passed on to gateways.',
  },
  hutong_routing_circuit_changes_total: {
    what: 'Opening and closing again and again: the provider answers some calls and not others.',
  },
  hutong_routing_probes_total: {
    what: 'While a circuit is half-open one attempt every five seconds is let through.',
  },
  hutong_routing_circuit_state: {
    what: '2: the provider does not answer and its methods are left out. Nothing to do but to find out why: [a provider does not answer](operations.md#a-provider-does-not-answer).',
    alert: 'max by (provider) (hutong_routing_circuit_state) > 0',
    for: 'for 5 minutes',
  },
  hutong_routing_switched_off: {
    what: 'Somebody switched them off and has to switch them on again: `GET /switches` says who and why.',
    alert: 'max(hutong_routing_switched_off) > 0',
    for: 'for 1 day',
  },
  hutong_gateway_call_duration_seconds: {
    what: '`call`: `submit`, `query`, `close`, `refund`, `query_refund`. `result` is what the answer came to: a state of the order, `unknown` (no answer that counts), or `fault` (a mistake of ours: read the log).',
    alert: anyOf('hutong_gateway_call_duration_seconds_count{result="fault"}', '10m'),
    for: 'at once',
  },
  hutong_gateway_reports_total: {
    what: 'What this gateway told the ring, by type of event.',
  },
  hutong_gateway_notifications_total: {
    what: '`result` is what it changed (`advanced`, `duplicate`, `hint`), `quarantined`, or why it was refused. `account` is `none` where nobody has such an account. Many that are refused: an address that somebody guesses at, or a key that was changed at the provider and not here.',
    alert: anyOf('hutong_gateway_notifications_total{result="unknown_key"}', '10m'),
    for: 'for 10 minutes',
  },
  hutong_gateway_quarantined_total: {
    what: 'From notifications only. What an answer to our own question puts into quarantine is not counted here: look at the table once a day. See [quarantine](operations.md#a-row-lies-in-quarantine).',
    alert: anyOf('hutong_gateway_quarantined_total', '10m'),
    for: 'at once',
  },
  ledger_ingest_events_total: {
    what: 'What was booked. None while payments are paid: look at the lag of the ledger.',
  },
  ledger_ingest_duplicates_total: {
    what: 'Told twice and booked once, as it should be. Rises after a restart or a rewind.',
  },
  payments_processed_total: {
    what: 'By provider, platform and outcome, for charts.',
  },
  payments_amount_minor_units_total: {
    what: 'For charts. A float, so never for accounts: ask `GET /volumes`.',
  },
  payments_fee_minor_units_total: {
    what: 'For charts. A float, so never for accounts: ask `GET /volumes`.',
  },
  hutong_log_fields_dropped_total: {
    what: 'A mistake of ours: somebody logs what is not on the allow-list. Nothing leaked. Report it.',
    alert: anyOf('hutong_log_fields_dropped_total', '1h'),
    for: 'at once',
  },
};
