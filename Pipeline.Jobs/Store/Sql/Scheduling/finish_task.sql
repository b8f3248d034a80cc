-- Ends a claim. No row where a later claim has the task: then nothing of this one counts.
update task set
    state = $3,
    finished_at = case when $3 in ('done', 'failed', 'gave_up') then clock_timestamp() end,
    due_at = coalesce($4, due_at),
    run_id = coalesce($5, run_id),
    summary = coalesce($6, summary),
    error_code = $7,
    error_zh = $8,
    error_en = $9,
    backend_pid = null,
    backend_started_at = null
where task_id = $1 and fence = $2 and state = 'running';
