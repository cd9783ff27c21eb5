-- Who looked: raw hits by month, kept 90 days, and counts by day.
create schema view;

create table view.hit (
  id uuid not null,
  credential_id uuid not null,
  at timestamptz not null,
  kind text not null check (kind in ('page', 'beacon', 'verification')),
  class text not null check (class in ('human', 'owner', 'preview_bot', 'scanner', 'robot', 'unknown')),
  reason text not null, -- why this class
  counted boolean not null, -- whether it is one of view.counter
  -- what the class was found from, so that better rules can find it again
  owner boolean not null,
  method text,
  prefetch boolean not null,
  since_mail_ms int, -- after the mail whose link it was went out
  visible_ms int,
  placement_token text,
  visitor text, -- keyed hash of the day: the same stranger is one visitor for a day and nobody the next
  network text, -- the address cut to /24 (IPv4) or /48 (IPv6)
  user_agent text,
  referrer_host text,
  primary key (at, id)
) partition by range (at);
create table view.hit_other partition of view.hit default;
create index hit_of_credential on view.hit (credential_id, at);
create index hit_of_visitor on view.hit (visitor, at) where visitor is not null;

-- Beacons of people, and pages that nobody knows who opened, count one a visitor and day; everything else counts each.
create table view.counter (
  credential_id uuid not null,
  day date not null, -- in UTC
  class text not null,
  kind text not null,
  count int not null,
  primary key (credential_id, day, class, kind)
);

-- Visitors counted already; kept for two days.
create table view.seen (
  day date not null,
  credential_id uuid not null,
  kind text not null,
  visitor text not null,
  primary key (day, credential_id, kind, visitor)
);
