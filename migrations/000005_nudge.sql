-- Workflows under way, and each message that was sent, shown, skipped, or would have been sent (a ghost).
create schema nudge;

create table nudge.run (
  id uuid primary key,
  credential_id uuid not null unique references credential.credential, -- one workflow a credential
  learner_id uuid not null references party.learner,
  issuer_id uuid not null references party.issuer,
  experiment_id uuid references experiment.experiment,
  arm text,
  workflow text not null,
  ghost boolean not null,
  state text not null check (state in ('active', 'stopped', 'done')),
  stopped_because text,
  created_at timestamptz not null,
  ended_at timestamptz,
  check ((state = 'active') = (ended_at is null))
);
create index run_of_learner on nudge.run (learner_id) where state = 'active';

-- A message is sent at most once: one row a step of a run, and the states only move forward.
create table nudge.message (
  id uuid primary key,
  run_id uuid not null references nudge.run,
  learner_id uuid not null references party.learner,
  credential_id uuid not null references credential.credential,
  step text not null, -- award, share-1, share-2
  channel text not null check (channel in ('in_app', 'e_mail')),
  ghost boolean not null, -- what would have been sent: nothing is
  state text not null check (state in ('planned', 'sending', 'sent', 'shown', 'skipped', 'unknown', 'failed')),
  reason text,
  due_at timestamptz, -- null: at the learner's next visit
  claimed_at timestamptz,
  at timestamptz, -- sent, shown, or would have been
  clicked_at timestamptz,
  dismissed_at timestamptz,
  token text not null unique, -- in the address of its link
  unique (run_id, step)
);
create index message_due on nudge.message (due_at) where state = 'planned' and due_at is not null;
create index message_sending on nudge.message (claimed_at) where state = 'sending';
create index message_at_visit on nudge.message (learner_id) where state = 'planned' and due_at is null;

create table nudge.suppression (
  learner_id uuid primary key references party.learner,
  reason text not null check (reason in ('unsubscribed', 'bounced', 'complained', 'erased')),
  at timestamptz not null
);
