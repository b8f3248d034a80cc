-- Grain: one row per file of the source that stands in the ledger, in the order of their exports.
select name, sha256, profile, coalesce(encoding, ''), as_of_date,
    read_count, new_count, updated_count, unchanged_count, duplicate_count, rejected_count, warning_count
from source_file
where source = $1 and state = 'ingested'
order by as_of_date, name collate "C", sha256 collate "C";
