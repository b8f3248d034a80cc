-- One row: what the scheduler's tables lack of this version's; null where they are right, or where there are none yet.
select case when exists (select from pg_tables where schemaname = current_schema() and tablename like 'qrtz!_%' escape '!') then string_agg(concat_ws('.', n.table_name, n.column_name), ', ' order by n.table_name, n.column_name) end
from (
    values ('qrtz_job_details', 'requests_recovery'), ('qrtz_triggers', 'retry_policy'), ('qrtz_triggers', 'fixed_delay'),
        ('qrtz_simple_triggers', 'repeat_interval'), ('qrtz_fired_triggers', 'interrupt_requested_time'), ('qrtz_scheduler_state', 'quartz_version')
) as n (table_name, column_name)
where not exists (
    select from information_schema.columns c
    where c.table_schema = current_schema() and c.table_name = n.table_name and c.column_name = n.column_name
);
