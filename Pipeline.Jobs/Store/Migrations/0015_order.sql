-- Months of one source are run one after another: a month carries on the topics of the months before it, so that what comes out would
-- otherwise hang on how many nodes there are and which is faster. First the more urgent, then the earlier month. A task that is not due
-- yet keeps nobody waiting.
create function must_wait(t task) returns boolean language sql stable as $$
    select t.kind = 'run' and exists (
        select from task p
        where p.kind = 'run' and p.task_id <> t.task_id and p.state in ('waiting', 'running', 'retrying') and p.due_at <= clock_timestamp()
            and (p.source = t.source or p.source is null or t.source is null)
            and (-p.priority, p.month, p.task_id) < (-t.priority, t.month, t.task_id)
    )
$$;
