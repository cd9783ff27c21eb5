-- Who gains, as a forest and the employability score say it of one run: figures of groups, never of single learners.
create table estimate.gains (
  run_id uuid primary key references estimate.run,
  gains jsonb not null,
  at timestamptz not null
);
