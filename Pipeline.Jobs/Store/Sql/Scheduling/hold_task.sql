-- Notes the session that holds the month for this claim; no row where a later claim has the task.
update task set
    backend_pid = pg_backend_pid(),
    backend_started_at = (select backend_start from pg_stat_activity where pid = pg_backend_pid())
where task_id = $1 and fence = $2 and state = 'running';
