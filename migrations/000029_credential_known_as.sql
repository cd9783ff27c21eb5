-- The name by which a learner is known, shown on their page beside the one that was signed and never in place of it.
alter table credential.credential add column known_as text check (char_length(known_as) between 1 and 100);
