-- Keeps what was read of a batch of complaints. $1 complaints, $2 their content hashes, $3 rules, $4 tags as one JSON array each, $5 found causes.
-- A complaint that was taken back meanwhile has none to keep.
insert into case_reading (complaint_id, content_hash, rules_sha256, tags, cause_found)
select
    batch.complaint_id,
    batch.content_hash,
    $3,
    array(select jsonb_array_elements_text(batch.tags::jsonb)),
    batch.cause_found
from unnest($1, $2, $4, $5) as batch (complaint_id, content_hash, tags, cause_found)
join complaint using (complaint_id)
order by batch.complaint_id
on conflict (complaint_id) do update
set content_hash = excluded.content_hash,
    rules_sha256 = excluded.rules_sha256,
    tags = excluded.tags,
    cause_found = excluded.cause_found
