-- Some networks are many servers: which one the learner named. It is theirs to be asked once, and the robot of that server is the one whose fetch counts.
alter table share.placement add column instance text;
