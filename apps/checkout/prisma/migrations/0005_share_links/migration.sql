-- Lets whoever holds its token pay a payment. The token is nowhere: only its hash.
create table share_link (
  link_id text not null,
  payment_id uuid not null,
  -- SHA-256 of the token, hex.
  token_sha256 text not null,
  offer integer not null,
  -- Of the offer, `wechat/wechat_pay/link`.
  method text not null,
  made_at timestamptz(3) not null,
  -- How many attempts were sent through it, and the last of them.
  presses integer not null,
  last_attempt_id text,
  constraint share_link_pkey primary key (link_id),
  constraint share_link_token_key unique (token_sha256),
  constraint share_link_payment_id_fkey foreign key (payment_id)
    references payment (payment_id) on delete restrict on update restrict,
  constraint share_link_presses_check check ((presses = 0) = (last_attempt_id is null))
);
create index share_link_payment_id_idx on share_link (payment_id);
