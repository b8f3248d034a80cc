-- Complaints $1 show of their persons what they showed: their links are those of the revision that stands.
update complainant_link
set revision = complaint.revision
from complaint
where complaint.complaint_id = complainant_link.complaint_id
    and complaint.complaint_id = any($1)
    and complainant_link.revision <> complaint.revision;
