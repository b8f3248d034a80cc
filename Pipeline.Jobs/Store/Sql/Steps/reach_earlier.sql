-- Grain: one row per complaint of the source received before the day $2 that belongs with one of those in $3: of the same complainant, or linked with
-- it by the source, in either direction. Those of $3 themselves may be among them.
with reached as (
    select unnest($3::bigint[]) as complaint_id
),
person as (
    select distinct person_key
    from reached
    join complainant_link using (complaint_id)
),
linked as (
    select later.complaint_id as later_id, earlier.complaint_id as earlier_id
    from complaint later
    join complaint earlier on earlier.source = later.source and earlier.case_number = later.link_number
    where later.source = $1 and later.link_number is not null
),
earlier as (
    select complaint_id
    from person
    join complainant_link using (person_key)
    union
    select earlier_id
    from linked
    join reached on reached.complaint_id = later_id
    union
    select later_id
    from linked
    join reached on reached.complaint_id = earlier_id
)
select complaint_id
from earlier
join complaint using (complaint_id)
where source = $1 and received_date < $2
