-- Grain: one row per complaint of the source that was not read with the rules $2 as it stands now.
select complaint.complaint_id
from complaint
left join case_reading using (complaint_id)
where complaint.source = $1
    and (
        case_reading.complaint_id is null
        or case_reading.rules_sha256 <> $2
        or case_reading.content_hash <> complaint.content_hash
    )
order by complaint.complaint_id
