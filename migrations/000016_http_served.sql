-- The public address under which the server was last started: commands and workers beside it write the same one into credentials and mails.
create table http.served (
  one boolean primary key default true check (one),
  public_url text not null,
  since timestamptz not null
);
