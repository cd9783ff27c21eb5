-- Experiments, the rules they draw by, and the draws. A draw is written once and never changed.
create schema experiment;

create table experiment.experiment (
  id uuid primary key,
  issuer_id uuid not null references party.issuer,
  name text not null,
  question text not null,
  state text not null check (state in ('draft', 'running', 'stopped')),
  arms jsonb not null, -- [{name, weight, workflow, ghost}]
  plan jsonb not null, -- outcomes, estimands, covariates, subgroups, families, horizon: frozen when it starts
  plan_digest text, -- SHA-256 of the plan in canonical JSON (RFC 8785)
  salt text not null,
  hash_version text not null,
  started_at timestamptz,
  stopped_at timestamptz,
  created_at timestamptz not null,
  check ((state = 'draft') = (started_at is null)),
  check ((state = 'draft') = (plan_digest is null))
);
create unique index experiment_running on experiment.experiment (issuer_id) where state = 'running';

create table experiment.draw (
  experiment_id uuid not null references experiment.experiment,
  learner_id uuid not null references party.learner,
  completion_id uuid not null references completion.completion, -- the one that brought the learner in
  arm text not null,
  probability double precision not null check (probability > 0 and probability <= 1),
  bucket double precision not null check (bucket >= 0 and bucket < 1),
  stratum text not null,
  wave text not null, -- calendar month of the draw, YYYY-MM
  hash_version text not null,
  rule_id uuid, -- of experiment.rule, when a rule set the probability
  drawn_at timestamptz not null,
  primary key (experiment_id, learner_id)
);
create index draw_of_learner on experiment.draw (learner_id);

-- What policy publishes; the next experiment may draw by it.
create table experiment.rule (
  id uuid primary key,
  issuer_id uuid not null references party.issuer,
  sentence text not null,
  rule jsonb not null,
  adopted_at timestamptz not null
);
alter table experiment.draw add foreign key (rule_id) references experiment.rule;

-- A running experiment is not changed, and a draw never is; the database itself refuses.
create function experiment.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'experiment: % of % is not allowed', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger draw_is_final before update on experiment.draw for each row execute function experiment.refuse_change();
create trigger running_is_frozen before update on experiment.experiment for each row
  when (old.state <> 'draft' and (old.arms, old.plan, old.plan_digest, old.salt, old.hash_version, old.started_at) is distinct from (new.arms, new.plan, new.plan_digest, new.salt, new.hash_version, new.started_at))
  execute function experiment.refuse_change();
