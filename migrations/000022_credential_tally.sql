-- How many credentials of an achievement were signed, revoked and suspended. Up to 16 rows each, so that those who issue at once do not wait for one row;
-- kept by the statements that write the facts. Counting a million rows for each page took a second.
create table credential.tally (
  achievement_id uuid not null,
  slot smallint not null check (slot between 0 and 15),
  issuer_id uuid not null,
  signed bigint not null default 0,
  revoked bigint not null default 0,
  suspended bigint not null default 0, -- and not revoked
  primary key (achievement_id, slot)
);
create index tally_of_issuer on credential.tally (issuer_id);
insert into credential.tally (achievement_id, slot, issuer_id, signed, revoked, suspended)
  select achievement_id, 0, issuer_id, count(*) filter (where signed_at is not null), count(*) filter (where revoked_at is not null), count(*) filter (where suspended_at is not null and revoked_at is null)
  from credential.credential group by achievement_id, issuer_id;

-- The desk lists them newest first.
create index credential_of_issuer_newest on credential.credential (issuer_id, id desc);
drop index credential.credential_of_issuer;
-- What learners made public and what holds, for those who list it.
create index credential_public on credential.credential (achievement_id, id desc)
  where visibility = 'public' and signed_at is not null and revoked_at is null and suspended_at is null and withdrawn_at is null;
