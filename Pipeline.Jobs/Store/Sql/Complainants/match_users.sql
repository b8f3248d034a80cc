-- Grain: one row per key of $1 and differently named user of it.
select distinct wanted.key, c.name_token, c.identity_token, record.name_sound
from unnest($1::bigint[]) as wanted (key)
join match_key using (key)
join match_record record using (complaint_id)
join complaint c using (complaint_id);
