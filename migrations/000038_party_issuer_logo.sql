-- The picture that stands beside an issuer's name, made anew from what the issuer sent; its address holds its key.
alter table party.issuer
  add column logo_key text,
  add column logo_width smallint,
  add column logo_height smallint,
  add column logo_png bytea,
  add constraint logo_is_whole check (num_nulls(logo_key, logo_width, logo_height, logo_png) in (0, 4)),
  add constraint logo_is_small check (logo_width between 1 and 480 and logo_height between 1 and 240);
alter table party.issuer alter column logo_png set storage external; -- compressed already
