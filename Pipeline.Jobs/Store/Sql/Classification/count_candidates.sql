-- One row: how many complaints of the source the model has not judged as they now stand.
select count(*)
from complaint c
left join judged_text j on j.complaint_id = c.complaint_id and j.decided_by = $2
where c.source = $1
    and (j.complaint_id is null or j.content_hash <> c.content_hash);
