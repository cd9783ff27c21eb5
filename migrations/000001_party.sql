-- Who: issuers, learners, what learners agreed to, who works for an issuer, and keys for programs.
create schema party;

create table party.issuer (
  id uuid primary key,
  handle text not null unique check (handle ~ '^[a-z0-9][a-z0-9-]{0,62}$'), -- as it stands in addresses
  name text not null check (name <> ''),
  url text,
  linkedin_organization_id text check (linkedin_organization_id ~ '^[0-9]{1,20}$'),
  locale text not null default 'en',
  time_zone text not null default 'UTC',
  demo boolean not null default false,
  created_at timestamptz not null
);

create table party.learner (
  id uuid primary key,
  issuer_id uuid not null references party.issuer,
  external_id text not null check (external_id <> ''), -- the provider's own name for the learner
  name text not null,
  email text,
  locale text not null,
  time_zone text not null,
  country text,
  education text,
  created_at timestamptz not null,
  erased_at timestamptz,
  unique (issuer_id, external_id)
);
create index learner_email on party.learner (lower(email)) where email is not null;

-- Append-only; the newest row of a purpose holds.
create table party.consent (
  id uuid primary key,
  learner_id uuid not null references party.learner,
  purpose text not null check (purpose in ('credential', 'nudge', 'research', 'outcome')),
  given boolean not null,
  text_version text not null,
  source text not null check (source in ('provider', 'learner', 'unsubscribe', 'staff', 'simulation')),
  at timestamptz not null,
  sequence bigint generated always as identity -- what was said later at the same moment
);
create index consent_newest on party.consent (learner_id, purpose, at desc, sequence desc);

create table party.member (
  email text not null check (email = lower(email)),
  issuer_id uuid references party.issuer, -- null: the whole installation (owner)
  role text not null check (role in ('owner', 'staff', 'analyst')),
  added_at timestamptz not null,
  removed_at timestamptz,
  check ((role = 'owner') = (issuer_id is null))
);
create unique index member_once on party.member (email, coalesce(issuer_id, '00000000-0000-0000-0000-000000000000'), role) where removed_at is null;

create table party.api_key (
  id uuid primary key,
  issuer_id uuid not null references party.issuer,
  name text not null,
  digest bytea not null unique check (length(digest) = 32), -- SHA-256 of the key; the key itself is shown once and not kept
  scopes text[] not null,
  created_at timestamptz not null,
  revoked_at timestamptz
);
