-- Grain: one row per complaint of the month, older and still open, or pinned beside them ($4): what its listing needs beside the fact.
select complaint_id, case_number, key_id, sealed
from complaint
where source = $1
    and (received_date between $2 and $3 or (received_date < $2 and status = 'open') or complaint_id = any($4))
order by received_date, case_number collate "C";
