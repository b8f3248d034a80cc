-- Grain: one row per complaint of the source that the rules $2 found something in as it stands now.
select case_reading.complaint_id, case_reading.tags, case_reading.cause_found
from case_reading
join complaint using (complaint_id)
where complaint.source = $1
    and case_reading.rules_sha256 = $2
    and case_reading.content_hash = complaint.content_hash
    and (case_reading.tags <> '{}' or case_reading.cause_found is not null)
