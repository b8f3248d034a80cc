-- Grain: one row per complaint of the source that the model has not judged as it now stands, in order of entry; of
-- several parts one.
select c.complaint_id, c.case_number, c.content_hash, c.key_id, c.sealed
from complaint c
left join judged_text j on j.complaint_id = c.complaint_id and j.decided_by = $2
where c.source = $1
    and (j.complaint_id is null or j.content_hash <> c.content_hash)
    and ($3 = 1 or c.complaint_id % $3 = $4)
order by c.complaint_id;
