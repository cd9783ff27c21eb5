-- A share that only a profile's list tells of counts from the day on which it was seen.
create or replace view estimate.panel_v1 as
select d.experiment_id, d.learner_id, d.arm, d.probability, d.stratum, d.wave, d.drawn_at,
  l.country, l.education, a.domain, c.covariates,
  coalesce(m.shown, 0) as prompts_shown,
  coalesce(m.ghosts, 0) as prompts_ghost,
  (p.clicked_at is not null) as clicked,
  (p.confirmed_at is not null) as shared,
  (p.seen_at is not null) as seen,
  coalesce(v.viewed, false) as viewed,
  o.observed_at,
  (o.observed_at is not null) as observed,
  j.new_job, j.new_job_in_scope,
  coalesce(r.refused, false) as research_refused
from experiment.draw d
join party.learner l on l.id = d.learner_id
join completion.completion c on c.id = d.completion_id
join completion.achievement a on a.id = c.achievement_id
left join lateral (
  select count(*) filter (where not g.ghost and g.state in ('shown', 'sent')) as shown,
    count(*) filter (where g.ghost and g.state in ('shown', 'sent')) as ghosts
  from nudge.message g where g.learner_id = d.learner_id and g.step like 'share-%'
) m on true
left join lateral (
  select min(s.clicked_at) as clicked_at, min(s.confirmed_at) as confirmed_at, min(s.seen_at) as seen_at
  from share.placement s where s.learner_id = d.learner_id and coalesce(s.clicked_at, s.confirmed_at) >= d.drawn_at
) p on true
left join lateral (
  select true as viewed
  from credential.credential k join view.counter n on n.credential_id = k.id
  where k.completion_id = d.completion_id and n.class = 'human' and n.kind = 'beacon' limit 1
) v on true
left join lateral (
  select max(b.observed_at) as observed_at from outcome.observation b where b.learner_id = d.learner_id and b.observed_at >= d.drawn_at + interval '1 month'
) o on true
left join lateral (
  select
    case when o.observed_at is not null then coalesce(bool_or(true), false) end as new_job,
    case when o.observed_at is not null then coalesce(bool_or(s.in_scope), false) end as new_job_in_scope
  from outcome.spell s
  where s.learner_id = d.learner_id
    and s.started_on >= (d.drawn_at + interval '1 month')::date and s.started_on < (d.drawn_at + interval '12 months')::date
) j on true
left join lateral (
  select not q.given as refused from party.consent q where q.learner_id = d.learner_id and q.purpose = 'research' order by q.at desc, q.sequence desc limit 1
) r on true
where l.erased_at is null;

create or replace view estimate.learner_v1 as
select l.issuer_id, l.id as learner_id,
  exists (select 1 from credential.credential k where k.learner_id = l.id and k.signed_at is not null and k.revoked_at is null and k.withdrawn_at is null) as holding,
  reached.at as reached_at, placed.clicked_at, placed.confirmed_at, placed.seen_at, looked.at as observed_at,
  coalesce(refused.refused, false) as research_refused
from party.learner l
join (select distinct learner_id from completion.completion) done on done.learner_id = l.id
left join (select learner_id, max(at) as at from nudge.message where nudge and state in ('shown', 'sent') group by 1) reached on reached.learner_id = l.id
left join (
  select learner_id, max(clicked_at) as clicked_at, max(coalesce(clicked_at, confirmed_at)) filter (where confirmed_at is not null) as confirmed_at,
    max(coalesce(clicked_at, confirmed_at)) filter (where seen_at is not null) as seen_at
  from share.placement group by 1
) placed on placed.learner_id = l.id
left join (select learner_id, max(observed_at) as at from outcome.observation group by 1) looked on looked.learner_id = l.id
left join (select distinct on (learner_id) learner_id, not given as refused from party.consent where purpose = 'research' order by learner_id, at desc, sequence desc) refused on refused.learner_id = l.id
where l.erased_at is null;
