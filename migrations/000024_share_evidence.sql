-- Every way in which it came to be known that a share was made, each kept apart: the first stands in the placement, a stronger one may come later.
create table share.evidence (
  placement_id uuid not null references share.placement on delete cascade,
  kind text not null check (kind in ('learner', 'preview_bot', 'profile_export', 'simulation')),
  at timestamptz not null,
  primary key (placement_id, kind)
);
insert into share.evidence (placement_id, kind, at) select id, confirmed_by, confirmed_at from share.placement where confirmed_at is not null;
