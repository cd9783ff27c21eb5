-- What an issuer chose for its public pages: a list of what its learners made public (off unless it wants one), and a colour.
alter table party.issuer
  add column directory boolean not null default false,
  add column colour text check (colour ~ '^#[0-9a-f]{6}$');
