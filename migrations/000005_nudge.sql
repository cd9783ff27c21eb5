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
  check ((state = 'active') = (ended_at is null)),
  check ((state = 'stopped') = (stopped_because is not null))
);
create index run_of_learner on nudge.run (learner_id);

-- A message is sent at most once: one row a step of a run, and the states only move forward.
create table nudge.message (
  id uuid primary key,
  run_id uuid not null references nudge.run,
  learner_id uuid not null references party.learner,
  credential_id uuid not null references credential.credential,
  step text not null, -- award, share-1, share-2
  channel text not null check (channel in ('in_app', 'e_mail')),
  nudge boolean not null, -- counts as a nudge: the award mail does not
  ghost boolean not null, -- what would have been sent: nothing is
  state text not null check (state in ('planned', 'sending', 'sent', 'shown', 'skipped', 'unknown', 'failed')),
  reason text, -- why skipped, failed or unknown; while planned, why it was not sent the last time
  first_due_at timestamptz, -- by the workflow alone
  due_at timestamptz, -- after quiet hours and caps moved it; null: at the learner's next visit
  moved_because text check (moved_because in ('hours', 'one_a_day')),
  try_at timestamptz, -- when it is looked at next: due_at, or later after the mail server was busy
  tries int not null default 0,
  time_zone text, -- by which it was timed
  time_zone_of text check (time_zone_of in ('learner', 'issuer', 'nobody')), -- the issuer's where the learner's is not known; nobody's: UTC
  claimed_at timestamptz,
  at timestamptz, -- sent, shown, or would have been
  clicked_at timestamptz,
  dismissed_at timestamptz,
  declined_at timestamptz,
  token text not null unique, -- in the address of its link
  unique (run_id, step),
  check ((channel = 'in_app') = (due_at is null)),
  check ((due_at is null) = (try_at is null)),
  check (not ghost or (nudge and state not in ('sending', 'unknown', 'failed') and clicked_at is null and dismissed_at is null and declined_at is null)),
  check (state <> 'sending' or claimed_at is not null),
  check (state not in ('sent', 'shown') or at is not null)
);
create index message_due on nudge.message (try_at) where state = 'planned';
create index message_sending on nudge.message (claimed_at) where state = 'sending';
create index message_of_learner on nudge.message (learner_id);

-- What was sent, shown, skipped, failed or is unknown stays that; the database itself refuses.
create function nudge.refuse_return() returns trigger language plpgsql as $$
begin
  raise exception 'nudge: message % is % and cannot become %', old.id, old.state, new.state using errcode = 'restrict_violation';
end $$;
create trigger message_moves_forward before update on nudge.message for each row
  when (old.state in ('sent', 'shown', 'skipped', 'unknown', 'failed') and new.state <> old.state)
  execute function nudge.refuse_return();

create table nudge.suppression (
  learner_id uuid primary key references party.learner,
  reason text not null check (reason in ('unsubscribed', 'bounced', 'complained', 'erased')),
  at timestamptz not null
);
