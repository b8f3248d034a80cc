-- Grain: one row per open task whose deadline has passed.
select task_id, job, month, source, deadline_at, state
from task
where state in ('waiting', 'running', 'retrying') and deadline_at < clock_timestamp();
