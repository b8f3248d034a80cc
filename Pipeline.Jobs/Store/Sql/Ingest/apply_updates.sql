-- Later states of known cases: the state that stood becomes a revision, its warnings go, the new state takes its place.
-- The table incoming_state holds one row per case, with the case's identifier and its new revision.
insert into complaint_revision ({columns}, superseded_by_file_id)
select {complaint.columns}, incoming_state.file_id
from complaint
join incoming_state using (complaint_id);

delete from complaint_warning
using incoming_state
where complaint_warning.complaint_id = incoming_state.complaint_id;

update complaint
set ({values}) = ({incoming_state.values})
from incoming_state
where complaint.complaint_id = incoming_state.complaint_id;

truncate incoming_state
