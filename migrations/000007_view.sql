-- Who looked: raw hits by month, and counts by day.
create schema view;

create table view.hit (
  id uuid not null,
  credential_id uuid not null,
  at timestamptz not null,
  kind text not null check (kind in ('page', 'beacon', 'verification')),
  class text not null check (class in ('human', 'owner', 'preview_bot', 'scanner', 'robot', 'unknown')),
  reason text not null, -- why this class
  placement_token text,
  visitor text, -- keyed hash of the day: the same stranger is one visitor for a day and nobody the next
  network text, -- the address cut to /24 (IPv4) or /48 (IPv6)
  user_agent text,
  referrer_host text,
  visible_ms int,
  primary key (at, id)
) partition by range (at);
create table view.hit_other partition of view.hit default;
create index hit_of_credential on view.hit (credential_id, at);

create table view.counter (
  credential_id uuid not null references credential.credential,
  day date not null,
  class text not null,
  kind text not null,
  count int not null,
  primary key (credential_id, day, class, kind)
);

-- One human beacon a visitor, credential and day is counted.
create table view.seen (
  credential_id uuid not null,
  day date not null,
  visitor text not null,
  primary key (credential_id, day, visitor)
);
