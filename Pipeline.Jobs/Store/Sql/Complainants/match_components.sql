-- Grain: one row per complaint of the components $1, if the ledger still has it.
select record.complaint_id
from unnest($1::bigint[]) as wanted (component)
join match_record record using (component)
join complaint using (complaint_id);
