-- Grain: one row per key of the source that was merged away and whose complaint is among $2: the complaint that had held it, the first of those
-- that its latest merge moved.
with moved as (
    select move.from_key, move.event_id, complaint.complaint_id
    from identity_move move
    join identity_event event using (event_id)
    join complaint on complaint.case_number = move.case_number and complaint.source = move.source
    join complainant on complainant.person_key = move.from_key
    where move.source = $1
        and event.kind = 'merge'
        and complainant.merged_into is not null
),
held as (
    select distinct on (from_key) from_key, complaint_id
    from moved
    order by from_key, event_id desc, complaint_id
)
select from_key, complaint_id
from held
where complaint_id = any($2)
order by from_key;
