-- What the door to the web remembers between requests, and across restarts.
create schema http;

-- One row a caller and limit: the time at which the caller's allowance is whole again (generic cell rate algorithm).
create table http.allowance (
  subject text primary key, -- keyed hash of the limit's name and the caller; no address is kept
  whole_at timestamptz not null
);
create index allowance_whole on http.allowance (whole_at);

-- Written by /readyz, to know that the database takes writes.
create table http.probe (
  one boolean primary key default true check (one),
  at timestamptz not null
);
