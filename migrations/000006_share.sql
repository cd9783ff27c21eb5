-- Where a credential was shared, in four states that are never merged: prompted (nudge.message), clicked, confirmed, seen by a third party.
create schema share;

-- One placement: a credential at one target, with a short token of its own, so that a view says where it came from.
create table share.placement (
  id uuid primary key,
  credential_id uuid not null references credential.credential,
  learner_id uuid not null references party.learner,
  target text not null,
  token text not null unique,
  prompted_by uuid references nudge.message,
  clicked_at timestamptz not null,
  confirmed_at timestamptz,
  confirmed_by text check (confirmed_by in ('learner', 'preview_bot', 'profile_export', 'simulation')),
  seen_at timestamptz,
  check ((confirmed_at is null) = (confirmed_by is null)),
  unique (credential_id, target)
);
create index placement_of_learner on share.placement (learner_id);
