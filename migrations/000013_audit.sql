-- Who changed what, in the order in which it was committed. Each row carries a hash over itself and the row before it, so that a row that is
-- altered, removed or put in later is found by whoever kept an earlier hash. The database's owner can rewrite all of it: only a hash kept
-- somewhere else shows that.
create schema audit;

create table audit.entry (
  seq bigint primary key check (seq > 0),
  at timestamptz not null,
  actor_kind text not null, -- owner, staff, analyst, learner, key, anonymous, system
  actor_id text,            -- of the person's account or of the key; never an address or a name
  action text not null,
  issuer_id uuid,
  subject text,             -- the id of what was changed
  before bytea,             -- SHA-256 of the state before and after, where the action names them
  after bytea,
  request_id text,
  previous bytea not null check (length(previous) = 32),
  hash bytea not null unique check (length(hash) = 32)
);
create index entry_of_subject on audit.entry (subject) where subject is not null;

-- The end of the chain: one row, locked by whoever appends.
create table audit.head (
  one boolean primary key default true check (one),
  seq bigint not null,
  hash bytea not null check (length(hash) = 32)
);
insert into audit.head (seq, hash) values (0, decode(repeat('00', 32), 'hex'));

create function audit.refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is only added to';
end
$$;
create trigger only_added_to before update or delete on audit.entry for each row execute function audit.refuse();
create trigger not_emptied before truncate on audit.entry for each statement execute function audit.refuse();
