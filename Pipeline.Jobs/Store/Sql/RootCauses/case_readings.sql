-- Grain: one row per complaint asked for that the rules $2 found something in as it stands now.
select case_reading.complaint_id, case_reading.tags, case_reading.cause_found
from unnest($1::bigint[]) as asked (complaint_id)
join case_reading using (complaint_id)
join complaint using (complaint_id)
where case_reading.rules_sha256 = $2
    and case_reading.content_hash = complaint.content_hash
    and (case_reading.tags <> '{}' or case_reading.cause_found is not null)
