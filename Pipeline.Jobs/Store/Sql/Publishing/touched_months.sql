-- Grain: one row per month of receipt of a source with complaints whose present state came from one of the files asked for.
select date_trunc('month', c.received_date)::date as month, count(*) as complaints
from complaint c
join source_file f using (file_id)
where c.source = $1 and f.sha256 = any($2)
group by 1
order by 1;
