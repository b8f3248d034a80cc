-- Withdraws the slots of the job $1 that wait and are due by $2, where another slot for the same month (or, like them, for none) was under way when an
-- outage began: that one begins anew and does the work. Grain: one row per slot that was withdrawn.
with under_way as (
    select distinct on (month) month, slot
    from task
    where job = $1 and state in ('running', 'retrying')
    order by month, due_at
)
update task set
    state = 'withdrawn',
    reason = 'slot ' || under_way.slot || ' was under way when the outage began, and does it'
from under_way
where task.job = $1 and task.state = 'waiting' and task.due_at <= $2 and task.month is not distinct from under_way.month
returning task.slot;
