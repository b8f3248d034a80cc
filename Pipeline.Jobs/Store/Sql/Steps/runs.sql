-- Grain: one row per complete run of a month for one source, the newest first. Where no source is named, that with most complaints in
-- the month, as a run chooses.
with candidate as (
    select source
    from run
    where month = $1 and ($2::text is null or source = $2) and state = 'complete'
    group by source, month
    order by (
            select count(*) from complaint
            where complaint.source = run.source and received_date >= run.month and received_date < run.month + interval '1 month'
        ) desc,
        source collate "C"
    limit 1
)
select run_id, edition, inputs::text
from run
join candidate using (source)
where month = $1 and state = 'complete'
order by completed_at desc, edition desc;
