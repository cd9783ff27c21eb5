-- A profile may list a credential that nobody took there by our link: such a placement was confirmed and never clicked.
alter table share.placement alter column clicked_at drop not null;
