-- Signing keys, status lists, and the journal of what was to be signed and what was signed.
create schema credential;

create table credential.signing_key (
  id uuid primary key,
  issuer_id uuid not null references party.issuer,
  public_multibase text not null unique,
  sealed_seed bytea not null,
  created_at timestamptz not null,
  retired_at timestamptz,
  compromised_at timestamptz
);
create unique index signing_key_in_use on credential.signing_key (issuer_id) where retired_at is null;

create table credential.status_list (
  id uuid primary key,
  issuer_id uuid not null references party.issuer,
  number int not null,
  purpose text not null check (purpose in ('revocation', 'suspension')),
  length int not null check (length >= 131072), -- Bitstring Status List 1.0, 6: herd privacy
  used int not null default 0,
  bits bytea not null,
  changed_at timestamptz not null,
  signed text, -- the list as it is served, until it changes
  signed_until timestamptz,
  unique (issuer_id, purpose, number)
);

create table credential.credential (
  id uuid primary key,
  public_id text not null unique,
  completion_id uuid not null unique references completion.completion, -- one credential a completion
  issuer_id uuid not null references party.issuer,
  learner_id uuid not null references party.learner,
  achievement_id uuid not null references completion.achievement,
  key_id uuid not null references credential.signing_key,
  status_list_id uuid not null references credential.status_list,
  status_index int not null check (status_index >= 0),
  valid_from timestamptz not null,
  prepared_at timestamptz not null,
  prepared text, -- the linted document, written and committed before any signature; gone once it is signed
  signed_at timestamptz,
  signed text, -- the signed document, byte for byte as it is handed out; gone when the learner was erased
  visibility text not null default 'private' check (visibility in ('private', 'link', 'public')),
  revoked_at timestamptz,
  revocation_reason text,
  withdrawn_at timestamptz, -- the learner was erased
  check (withdrawn_at is not null or (signed is null) = (signed_at is null)),
  check (withdrawn_at is not null or (prepared is null) = (signed is not null)),
  unique (status_list_id, status_index) -- an index is used once
);
create index credential_unsigned on credential.credential (prepared_at) where signed_at is null and withdrawn_at is null;
create index credential_of_learner on credential.credential (learner_id);
create index credential_of_issuer on credential.credential (issuer_id, prepared_at desc, id desc);

-- Who revoked or restored what, and why; append-only.
create table credential.status_change (
  id uuid primary key,
  credential_id uuid not null references credential.credential,
  change text not null check (change in ('revoked', 'withdrawn')),
  reason text not null,
  by_whom text not null,
  at timestamptz not null
);
