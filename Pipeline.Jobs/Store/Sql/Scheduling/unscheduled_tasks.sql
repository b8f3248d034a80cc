-- Grain: one row per open task that the scheduler neither waits for nor executes. A task without a trigger would wait for ever. A month that
-- waits for another one of its source (see claim_task) comes when that one is over.
select t.task_id, t.due_at, t.priority
from task t
where t.state in ('waiting', 'running', 'retrying')
    and not exists (select from qrtz_triggers q where q.sched_name = $1 and q.job_group = 'task' and q.job_name = t.task_id::text and q.trigger_state <> 'ERROR')
    and not exists (select from qrtz_fired_triggers f where f.sched_name = $1 and f.job_group = 'task' and f.job_name = t.task_id::text)
    and (t.due_at > clock_timestamp() or not must_wait(t))
order by t.priority desc, t.due_at, t.task_id;
