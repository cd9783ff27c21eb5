-- Rules that ask who the learner is: what a nudge may cost and how many can be nudged, what was learned, and what it is worth on learners that it was not learned from.
alter table policy.policy
  add column cost double precision not null default 0 check (cost >= 0), -- of one nudge, in units of the outcome
  add column budget double precision not null default 1 check (budget > 0 and budget <= 1), -- the largest share of learners who can be nudged
  add column depth int not null default 2 check (depth between 1 and 2), -- questions in a row that a rule may ask
  add column findings jsonb, -- the best rule, beside the others and group by group
  add column rule_id uuid references experiment.rule, -- what experiment keeps, once it is published
  drop constraint policy_run_id_key,
  add constraint policy_on_terms unique (run_id, cost, budget, depth);

-- The terms on which an experiment's next rules are learned; the defaults above where there are none.
create table policy.terms (
  experiment_id uuid primary key references experiment.experiment,
  cost double precision not null check (cost >= 0),
  budget double precision not null check (budget > 0 and budget <= 1),
  depth int not null check (depth between 1 and 2),
  at timestamptz not null
);
