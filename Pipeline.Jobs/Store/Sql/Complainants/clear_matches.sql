-- Takes away what is known of the complaints of source $1.
with gone as (
    delete from match_record
    where source = $1
    returning complaint_id
)
delete from match_key
using gone
where match_key.complaint_id = gone.complaint_id;
