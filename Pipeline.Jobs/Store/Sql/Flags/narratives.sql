-- Grain: one row per complaint of the source received up to the last day asked for: what the flags need beside the fact.
select complaint_id, case_number, link_number, key_id, sealed
from complaint
where source = $1 and received_date <= $2
order by complaint_id;
