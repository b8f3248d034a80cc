-- The sources of the quarantined rows $1. One row per source.
select distinct source_file.source collate "C" as source
from quarantined_row
join source_file using (file_id)
where quarantined_row.quarantine_id = any($1)
order by 1
