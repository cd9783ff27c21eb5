-- The picture that a shared link shows, one to a credential: made ahead, and made anew when what it says has changed.
create table share.card (
  credential_id uuid primary key references credential.credential,
  learner_id uuid not null references party.learner,
  key text not null, -- hash of what it says and of the drawing's version; it stands in its address
  png bytea not null,
  made_at timestamptz not null
);
alter table share.card alter column png set storage external; -- compressed already
create index card_of_learner on share.card (learner_id);
