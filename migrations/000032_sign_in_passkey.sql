-- Passkeys: the table of @better-auth/passkey 1.7 under names of our own. The private half never leaves the learner's device.
create table sign_in.passkey (
  id text primary key,
  name text, -- the learner's own word for it
  person_id text not null references sign_in.person on delete cascade,
  credential_id text not null unique, -- WebAuthn's name for the key pair
  public_key text not null,
  counter bigint not null,
  device_type text not null,
  backed_up boolean not null,
  transports text,
  created_at timestamptz,
  aaguid text
);
create index passkey_of_person on sign_in.passkey (person_id);
