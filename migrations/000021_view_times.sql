-- The same visitor at the same page again within a second is one row that says how often: somebody who holds a key down, or a robot, is counted and fills nothing.
alter table view.hit add column times int not null default 1 check (times >= 1);
