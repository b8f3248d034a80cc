-- Grain: one row per complaint of the source, in order of entry, the next 500 after a complaint.
select complaint_id, case_number, content_hash, key_id, sealed
from complaint
where source = $1
    and complaint_id > $2
order by complaint_id
limit 500;
