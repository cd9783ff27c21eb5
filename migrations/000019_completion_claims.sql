-- What a provider says of one learner's achievement beyond that it was completed: goes into the credential.
alter table completion.completion add column claims jsonb not null default '{}';
