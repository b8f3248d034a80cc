-- The states that stand for the case numbers of a batch.
-- $1 source, $2 case numbers, $3 the file that is being loaded.
-- One row per case number that is known; last_in_file is the content that this very file reported last without changing the state.
select
    complaint.case_number,
    complaint.complaint_id,
    complaint.revision,
    complaint.content_hash,
    complaint.as_of_date,
    complaint.file_id,
    sighting.content_hash as last_in_file
from complaint
left join lateral (
    select content_hash
    from complaint_sighting
    where complaint_sighting.complaint_id = complaint.complaint_id
        and complaint_sighting.file_id = $3
    order by sheet_name desc, line_number desc
    limit 1
) as sighting on true
where complaint.source = $1
    and complaint.case_number = any($2)
