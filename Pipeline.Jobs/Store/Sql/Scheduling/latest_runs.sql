-- Grain: one row per source and month that was run: the newest complete run.
select distinct on (source, month) source, month, run_id, edition, inputs::text, completed_at
from run
where state = 'complete'
order by source, month, completed_at desc, edition desc;
