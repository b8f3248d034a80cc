-- Complaints $1 show of their persons what they showed: their links are those of the revision that stands. Looked up one by one: they are few.
update complainant_link
set revision = same.revision
from (
    select link.complaint_id, complaint.revision
    from unnest($1::bigint[]) as same (complaint_id)
    cross join lateral (select * from complainant_link where complainant_link.complaint_id = same.complaint_id) link
    cross join lateral (select revision from complaint where complaint.complaint_id = same.complaint_id) complaint
    where complaint.revision <> link.revision
) same
where complainant_link.complaint_id = same.complaint_id;
