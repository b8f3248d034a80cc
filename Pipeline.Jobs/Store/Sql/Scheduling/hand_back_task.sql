-- A node that stops in good order gives its task back: neither an attempt nor a death.
update task set state = 'waiting', attempt = greatest(attempt - 1, 0), fence = fence + 1, node = null, backend_pid = null, backend_started_at = null
where task_id = $1 and fence = $2 and state = 'running';
