-- What is known of each share, for the pages that count them. Learners who were erased are left out, as in the panel.
create view estimate.share_v1 as
select l.issuer_id, p.learner_id, p.credential_id, p.target, p.clicked_at,
  (p.prompted_by is not null) as prompted,
  exists (select 1 from share.evidence e where e.placement_id = p.id and e.kind = 'profile_export') as exported,
  exists (select 1 from share.evidence e where e.placement_id = p.id and e.kind = 'learner') as told,
  exists (select 1 from share.evidence e where e.placement_id = p.id and e.kind = 'simulation') as simulated,
  exists (select 1 from share.evidence e where e.placement_id = p.id and e.kind = 'preview_bot') as fetched,
  (p.seen_at is not null) as seen
from share.placement p
join party.learner l on l.id = p.learner_id
where l.erased_at is null;
