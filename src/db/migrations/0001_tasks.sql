-- Alphabetical order of titles: the root collation of ICU, case aside ("a" ties with "A"), "é" beside "e".
create collation task_title (provider = icu, locale = 'und-u-ks-level2', deterministic = false);

create table users (
  id text not null,
  email text,
  name text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint users_pkey primary key (id),
  constraint users_id_length check (char_length(id) between 1 and 255)
);

comment on table users is 'Who has written something; made on the first write, with what the token said then.';
comment on column users.id is 'The subject of the tokens, given by the identity provider.';

create unique index users_email_key on users (lower(email));

comment on index users_email_key is
  'An email belongs to one user at most. When a new account claims it, the older row gives it up.';

create table tasks (
  user_id text not null,
  id uuid not null,
  title text not null,
  description text,
  completed boolean not null default false,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint tasks_pkey primary key (user_id, id),
  constraint tasks_user_id_fkey foreign key (user_id) references users (id) on delete cascade,
  constraint tasks_title_length check (char_length(title) between 1 and 200),
  constraint tasks_description_length check (char_length(description) <= 1000),
  constraint tasks_version_positive check (version >= 1)
);

comment on column tasks.id is 'UUID of version 7, made by the service.';
comment on column tasks.version is 'Counts the changes of the task; its ETag.';

-- One index for each listed order, with and without the filter on completed. All begin with user_id,
-- which no statement leaves out, and end in id, which breaks ties.
create index tasks_created_idx on tasks (user_id, created_at, id);
create index tasks_updated_idx on tasks (user_id, updated_at, id);
create index tasks_title_idx on tasks (user_id, title collate task_title, id);
create index tasks_completed_created_idx on tasks (user_id, completed, created_at, id);
create index tasks_completed_updated_idx on tasks (user_id, completed, updated_at, id);
create index tasks_completed_title_idx on tasks (user_id, completed, title collate task_title, id);

create table idempotency_keys (
  user_id text not null,
  key text not null,
  fingerprint bytea not null,
  task_id uuid not null,
  created_at timestamptz not null default now(),
  constraint idempotency_keys_pkey primary key (user_id, key),
  constraint idempotency_keys_user_id_fkey foreign key (user_id) references users (id) on delete cascade,
  constraint idempotency_keys_key_length check (char_length(key) between 1 and 255),
  constraint idempotency_keys_fingerprint_length check (octet_length(fingerprint) = 32)
);

comment on column idempotency_keys.fingerprint is 'SHA-256 of what the body of the request means.';
comment on column idempotency_keys.task_id is
  'The task that was created. No foreign key: the key outlives a deleted task.';

create index idempotency_keys_created_idx on idempotency_keys (created_at);

comment on index idempotency_keys_created_idx is
  'For pruning old keys, the one thing that spans users.';
