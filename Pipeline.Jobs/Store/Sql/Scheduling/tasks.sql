-- Grain: one row per task, the open ones first, then the newest.
select t.task_id, t.job, t.kind, t.slot, t.source, t.month, t.reason, t.state, t.due_at, t.deadline_at, t.attempt, t.deaths, t.node,
    t.started_at, t.finished_at, t.run_id, t.error_code, t.error_zh, t.error_en, t.summary::text,
    (select jsonb_agg(jsonb_build_object('name', s.name, 'rows', s.rows, 'seconds', s.seconds) order by s.ordinal)::text
        from task_step s where s.task_id = t.task_id and s.fence = t.fence) as steps
from task t
where $1::bigint is null or t.task_id = $1
order by t.state in ('running', 'retrying', 'waiting') desc,
    case when t.state in ('running', 'retrying', 'waiting') then t.due_at end,
    t.finished_at desc nulls last, t.task_id desc
limit $2;
