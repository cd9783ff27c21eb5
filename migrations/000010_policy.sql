-- Whom to nudge, as a rule that a person can read, with its estimated value.
create schema policy;

create table policy.policy (
  id uuid primary key,
  experiment_id uuid not null references experiment.experiment,
  run_id uuid not null unique references estimate.run,
  state text not null check (state in ('proposed', 'published', 'superseded')),
  sentence text not null,
  rule jsonb not null,
  value double precision,
  value_std_error double precision,
  value_low double precision,
  value_high double precision,
  against text not null, -- what the value is compared with
  proposed_at timestamptz not null,
  published_at timestamptz
);
