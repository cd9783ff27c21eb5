-- Suspension beside revocation: a place of its own, a reason, and a way back.
alter table credential.credential
  add column suspension_list_id uuid references credential.status_list, -- the list with the number of that of revocation; the index is the same
  add column suspended_at timestamptz,
  add column suspension_reason text;
alter table credential.status_change drop constraint status_change_change_check;
alter table credential.status_change add constraint status_change_change_check check (change in ('revoked', 'suspended', 'reinstated', 'withdrawn'));
create index status_change_of_credential on credential.status_change (credential_id, at);
