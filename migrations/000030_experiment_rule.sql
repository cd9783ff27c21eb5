-- An experiment may draw by a rule that was adopted: those in the random lane are drawn by the arms' weights, the others get the arm that the rule gives them.
alter table experiment.experiment
  add column rule_id uuid references experiment.rule,
  add column random_share double precision not null default 1,
  add constraint experiment_random_share check (random_share > 0 and random_share <= 1 and (rule_id is not null or random_share = 1));

drop trigger running_is_frozen on experiment.experiment;
create trigger running_is_frozen before update on experiment.experiment for each row
  when (old.state <> 'draft' and (old.arms, old.plan, old.plan_digest, old.salt, old.hash_version, old.started_at, old.rule_id, old.random_share)
    is distinct from (new.arms, new.plan, new.plan_digest, new.salt, new.hash_version, new.started_at, new.rule_id, new.random_share))
  execute function experiment.refuse_change();
