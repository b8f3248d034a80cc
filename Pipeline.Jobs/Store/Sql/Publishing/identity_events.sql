-- Grain: one row per merge, split, confirmation or refusal of persons after one mark and up to another.
select e.kind, e.person_key, e.other_key, c.case_number, e.decided_by
from identity_event e
left join complaint c using (complaint_id)
where e.event_id > $1 and e.event_id <= $2
order by e.event_id;
