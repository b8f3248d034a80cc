-- Grain: one row per complaint of the source as the newest run counted it.
select case_number, hash
from counted_state
where source = $1 and to_place is null;
