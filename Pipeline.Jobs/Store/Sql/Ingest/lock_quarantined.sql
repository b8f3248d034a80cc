-- Keeps the quarantined rows $1 for this transaction, waiting for whoever decides on them at this moment. One row per row that is there.
select quarantine_id
from quarantined_row
where quarantine_id = any($1)
order by quarantine_id
for update
