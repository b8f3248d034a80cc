-- Grain: one row per complaint of the source that its source says to continue another case.
select complaint_id, link_number
from complaint
where source = $1
    and link_number is not null
