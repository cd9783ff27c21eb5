-- What learners chose for themselves; it outweighs what their provider says, now and with the next completion.
alter table party.learner
  add column chosen_locale text,
  add column chosen_time_zone text;
