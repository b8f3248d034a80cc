-- Grain: one row per complaint asked for that its source says to continue another case.
select complaint_id, link_number
from unnest($1::bigint[]) as asked (complaint_id)
join complaint using (complaint_id)
where link_number is not null
