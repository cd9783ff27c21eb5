-- Who is signed in. The four tables of better-auth 1.7 (its names for them: user, session, account, verification) under names of our own,
-- and the links with which the owner comes in for the first time.
create schema sign_in;

create table sign_in.person (
  id text primary key,
  name text not null, -- asked for by better-auth; kept empty: the party room knows names
  email text not null unique check (email = lower(email)),
  email_verified boolean not null,
  image text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table sign_in.session (
  id text primary key,
  token text not null unique, -- worth nothing alone: the cookie carries it with an HMAC under a key that the database does not have
  person_id text not null references sign_in.person on delete cascade,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  ip_address text, -- asked for by better-auth; kept empty
  user_agent text  -- the same
);
create index session_of_person on sign_in.session (person_id);

-- Ways in beside mailed links (passkeys, an organisation's own sign-in). Empty until there are such.
create table sign_in.account (
  id text primary key,
  account_id text not null,
  provider_id text not null,
  person_id text not null references sign_in.person on delete cascade,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index account_of_person on sign_in.account (person_id);

-- Mailed links that wait to be used: the token's SHA-256 and the address it was sent to.
create table sign_in.verification (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index verification_by_identifier on sign_in.verification (identifier);
create index verification_by_end on sign_in.verification (expires_at);

-- The owner's first way in, printed by `npm start`: once, within 15 minutes.
create table sign_in.start_link (
  digest bytea primary key check (length(digest) = 32), -- SHA-256 of the token
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
