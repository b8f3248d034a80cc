-- The files that stand in the way of taking file $1 back: those that were taken later and changed its complaints, and the corrections
-- of its quarantined rows. One row per file.
select later.file_id, later.name, count(distinct complaint_revision.complaint_id) as cases, false as is_correction
from complaint_revision
join source_file as later on later.file_id = complaint_revision.superseded_by_file_id
where complaint_revision.file_id = $1
    and complaint_revision.superseded_by_file_id > $1
group by later.file_id, later.name
union all
select later.file_id, later.name, count(*) as cases, true as is_correction
from quarantined_row
join source_file as later on later.file_id = quarantined_row.decided_file_id
where quarantined_row.file_id = $1
    and quarantined_row.state = 'released'
    and later.file_id <> $1
group by later.file_id, later.name
order by file_id
