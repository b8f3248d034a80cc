-- Grain: one row per topic of the source that was seen in the months between $2 and $3, as it stood in the last of them.
with latest as (
    select distinct on (topic_id) topic_id, cause, title, first_month, month, centroid
    from topic_month
    where source = $1 and month between $2 and $3
    order by topic_id, month desc
)
select topic_id, cause, title, first_month, month, centroid
from latest
order by topic_id collate "C";
