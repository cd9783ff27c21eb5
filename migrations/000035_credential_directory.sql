-- The directory of an issuer: what learners made public and what holds, newest first.
create index credential_public_of_issuer on credential.credential (issuer_id, id desc)
  where visibility = 'public' and signed_at is not null and revoked_at is null and suspended_at is null and withdrawn_at is null;
