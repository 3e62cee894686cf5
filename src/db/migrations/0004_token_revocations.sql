create table token_revocations (
  user_id text not null,
  issued_before timestamptz not null,
  revoked_at timestamptz not null default now(),
  constraint token_revocations_pkey primary key (user_id),
  constraint token_revocations_user_id_length check (char_length(user_id) between 1 and 255)
);

comment on table token_revocations is
  'Users whose tokens were revoked. No foreign key: the row has to outlive a deleted user.';
comment on column token_revocations.issued_before is
  'Tokens of the user that were issued before this time are invalid. In whole seconds, by the clock of their issuer.';

create index token_revocations_revoked_idx on token_revocations (revoked_at);

comment on index token_revocations_revoked_idx is
  'For processes that follow the revocations, and for pruning; both span users.';
