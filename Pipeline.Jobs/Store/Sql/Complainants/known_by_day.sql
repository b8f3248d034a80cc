-- Grain: one row per as-of date of source $1: the complaints that an export of that day was the first to tell of.
with told as (
    select complaint_id, as_of_date
    from complaint
    where source = $1
    union all
    select complaint_id, as_of_date
    from complaint_revision
    where source = $1
),
first as (
    select complaint_id, min(as_of_date) as day
    from told
    group by complaint_id
)
select day, count(*)
from first
group by day
order by day;
