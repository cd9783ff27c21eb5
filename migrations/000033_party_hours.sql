-- Between which minutes of their own day a learner wants to be reminded by mail; null: the hours that the workflow has.
alter table party.learner
  add column waking_from smallint,
  add column waking_to smallint,
  add constraint waking_hours check ((waking_from is null) = (waking_to is null) and (waking_from is null or (waking_from >= 0 and waking_from < waking_to and waking_to <= 1440)));
