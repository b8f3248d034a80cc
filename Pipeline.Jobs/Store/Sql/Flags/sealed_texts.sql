-- Grain: one row per complaint asked for: its sealed content.
select complaint_id, case_number, key_id, sealed, content_hash
from complaint
where complaint_id = any($1)
