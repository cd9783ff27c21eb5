-- Documents are compressed by LZ4 where the server has it: a fraction of the time of the older way, for as many bytes.
do $$ begin
  alter table credential.credential alter column prepared set compression lz4, alter column signed set compression lz4;
exception when feature_not_supported then null;
end $$;
