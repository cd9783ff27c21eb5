-- What can be completed, and who completed it.
create schema completion;

create table completion.achievement (
  id uuid primary key,
  issuer_id uuid not null references party.issuer,
  handle text not null check (handle ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'), -- as it stands in files and addresses
  domain text not null default 'other', -- of study, for strata
  document jsonb not null, -- Open Badges 3.0 Achievement, without issuer and id
  created_at timestamptz not null,
  unique (issuer_id, handle)
);

create table completion.completion (
  id uuid primary key,
  issuer_id uuid not null references party.issuer,
  learner_id uuid not null references party.learner,
  achievement_id uuid not null references completion.achievement,
  completed_at timestamptz not null,
  recorded_at timestamptz not null,
  source text not null check (source in ('api', 'csv', 'simulation')),
  covariates jsonb not null default '{}', -- further columns as they came, known before any draw
  unique (learner_id, achievement_id)
);
create index completion_recorded on completion.completion (issuer_id, recorded_at);

-- The first answer to a request with an Idempotency-Key, given again to its repetitions.
create table completion.answered (
  key_id uuid not null references party.api_key,
  idempotency_key text not null,
  request_digest bytea not null,
  status int not null,
  answer jsonb not null,
  at timestamptz not null,
  primary key (key_id, idempotency_key)
);
