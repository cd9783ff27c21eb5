-- Whom a rule has placed: they are in no comparison of arms, since the arm follows from who they are.
create view estimate.ruled_v1 as select experiment_id, learner_id from experiment.draw where rule_id is not null;
