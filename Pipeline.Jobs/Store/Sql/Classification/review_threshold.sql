-- A changed threshold marks and unmarks what was judged before.
update label
set needs_review = label.probability < $3::real
from complaint c
where c.complaint_id = label.complaint_id
    and c.source = $1
    and label.decided_by = $2
    and label.needs_review <> (label.probability < $3::real);
