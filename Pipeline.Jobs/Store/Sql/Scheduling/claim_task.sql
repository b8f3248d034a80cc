-- Takes a task for one node: the fence rises, so that whoever held it before can commit nothing. Whoever ran it before is named, that its
-- session may be ended. No row where the task is done, or where it must wait for another month of its source: then it is put again later.
with before as (
    select task_id, state, node, backend_pid, backend_started_at
    from task
    where task_id = $1 and state in ('waiting', 'running', 'retrying')
        -- A part of a month is also taken by the node that waits for it, past the scheduler: it is left to whoever has it and lives.
        and not (kind = 'shard' and state = 'running' and exists (
            select from node n where n.node = task.node and n.stopped_at is null and n.seen_at > clock_timestamp() - interval '15 seconds'))
        and not must_wait(task)
    for update
)
update task set
    state = 'running',
    node = $2,
    fence = fence + 1,
    attempt = attempt + case when before.state = 'running' then 0 else 1 end,
    deaths = deaths + case when before.state = 'running' then 1 else 0 end,
    backend_pid = null,
    backend_started_at = null,
    started_at = coalesce(started_at, clock_timestamp())
from before
where task.task_id = before.task_id
returning task.task_id, task.job, task.kind, task.slot, task.source, task.month, task.spec::text, task.attempt, task.deaths, task.fence,
    case when before.state = 'running' then before.backend_pid end, before.backend_started_at, task.due_at;
