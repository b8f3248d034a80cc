-- Grain: one row per complaint of $1 that was judged before.
select record.complaint_id, record.component, record.digest, record.keys
from unnest($1::bigint[]) as wanted (complaint_id)
join match_record record using (complaint_id);
