-- The export that stands behind a load of its own day by its name, so that its states hold against the load's. One row or none. $1: the load.
select behind.name
from source_file as loaded
join source_file as behind on behind.source = loaded.source and behind.as_of_date = loaded.as_of_date
where loaded.file_id = $1
  and behind.state = 'ingested'
  and behind.corrects_file_id is null
  and behind.place collate "C" > loaded.place collate "C"
order by behind.place collate "C" desc
limit 1
