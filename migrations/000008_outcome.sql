-- What became of the learners: positions, and when somebody looked. Not seen is not "no job".
create schema outcome;

create table outcome.import (
  id uuid primary key,
  issuer_id uuid not null references party.issuer,
  source text not null check (source in ('hr_file', 'survey', 'panel', 'profile_export', 'simulation')),
  digest text not null,
  rows int not null,
  at timestamptz not null,
  unique (issuer_id, digest)
);

create table outcome.observation (
  learner_id uuid not null references party.learner,
  observed_at timestamptz not null,
  source text not null,
  import_id uuid not null references outcome.import,
  primary key (learner_id, observed_at, source)
);

create table outcome.spell (
  id uuid primary key,
  learner_id uuid not null references party.learner,
  title text not null,
  employer text not null,
  started_on date not null,
  ended_on date,
  in_scope boolean not null,
  rule_version text not null, -- of the rule that coded in_scope
  observed_at timestamptz not null,
  source text not null,
  import_id uuid not null references outcome.import,
  check (ended_on is null or ended_on >= started_on),
  unique (learner_id, title, employer, started_on)
);
