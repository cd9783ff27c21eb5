-- What is due while a credential is suspended waits: its mails are looked at again the next day.
alter table nudge.message drop constraint message_moved_because_check;
alter table nudge.message add constraint message_moved_because_check check (moved_because in ('hours', 'one_a_day', 'suspended'));
