-- The development mailbox: what would have left the machine.
create schema mail;

create table mail.kept (
  id uuid primary key,
  message_id text not null unique,
  recipient text not null,
  subject text not null,
  headers jsonb not null,
  text text not null,
  html text not null,
  at timestamptz not null
);
create index kept_newest on mail.kept (at desc, id desc);
