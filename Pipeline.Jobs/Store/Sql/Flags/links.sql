-- Grain: one row per complaint of the source that its source says to continue another case.
select complaint_id, link_number
from complaint
where source = $1
    and link_number is not null
    and ($2::bigint[] is null or complaint_id = any($2))
