-- The columns of a load's first table, and those of the export that stands before it: of the same source and profile, not exported later.
-- One row, or none where it is the first. $1: the load.
select before.name, before.columns, loaded.columns
from (
    select source_file.*, source_table.columns
    from source_file
    join source_table using (file_id)
    where source_file.file_id = $1 and source_table.ordinal = 0
) as loaded
join lateral (
    select earlier.name, source_table.columns
    from source_file as earlier
    join source_table using (file_id)
    where earlier.source = loaded.source
      and earlier.profile = loaded.profile
      and earlier.file_id <> loaded.file_id
      and earlier.state = 'ingested'
      and earlier.corrects_file_id is null
      and earlier.as_of_date <= loaded.as_of_date
      and source_table.ordinal = 0
    order by earlier.as_of_date desc, earlier.file_id desc
    limit 1
) as before on true
