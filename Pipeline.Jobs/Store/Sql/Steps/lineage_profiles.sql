-- Grain: one row per profile that files of the source which stand in the ledger were read by.
select distinct profile collate "C", profile_sha256 collate "C"
from source_file
where source = $1 and state = 'ingested'
order by 1, 2;
