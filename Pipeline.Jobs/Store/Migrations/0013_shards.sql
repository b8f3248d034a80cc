-- Parts of a classification are tasks too: any node takes them.
alter table task drop constraint task_kind_check;
alter table task add constraint task_kind_check check (kind in ('run', 'expect', 'quality', 'maintenance', 'shard'));
