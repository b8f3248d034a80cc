-- Grain: one row per task: the open ones first, then what failed and was not made good, then the newest. A failure is made good by a later
-- success of the same month and source, or of the same job; a part of a month is done by its run where it failed.
with judged as (
    select t.*, t.state in ('failed', 'gave_up') and (
        t.kind = 'shard'
        or exists (
            select from task d
            where d.state = 'done' and d.finished_at > t.finished_at and d.kind = t.kind
                and case when t.kind = 'run' then d.month = t.month and (d.source = t.source or t.source is null) else d.job = t.job end
        )
        or t.kind = 'run' and exists (
            select from run r where r.month = t.month and (r.source = t.source or t.source is null) and r.state = 'complete' and r.completed_at > t.finished_at
        )
    ) as is_made_good
    from task t
    where $1::bigint is null or t.task_id = $1
)
select t.task_id, t.job, t.kind, t.slot, t.source, t.month, t.reason, t.state, t.due_at, t.deadline_at, t.attempt, t.deaths, t.node,
    t.started_at, t.finished_at, t.run_id, t.error_code, t.error_zh, t.error_en, t.summary::text,
    (select jsonb_agg(jsonb_build_object('name', s.name, 'rows', s.rows, 'seconds', s.seconds) order by s.ordinal)::text
        from task_step s where s.task_id = t.task_id and s.fence = t.fence) as steps,
    t.is_made_good
from judged t
order by t.state in ('running', 'retrying', 'waiting') desc,
    case when t.state in ('running', 'retrying', 'waiting') then t.due_at end,
    t.state in ('failed', 'gave_up') and not t.is_made_good desc,
    t.finished_at desc nulls last, t.task_id desc
limit $2;
