-- Puts the staged records in place, and takes those of the complaints $1 away.
with gone as (
    delete from match_record
    using unnest($1::bigint[]) as vanished (complaint_id)
    where match_record.complaint_id = vanished.complaint_id
)
insert into match_record (complaint_id, source, content_hash, digest, component, name_sound, keys)
select complaint_id, source, content_hash, digest, component, name_sound, keys
from staged_record
on conflict (complaint_id) do update
set content_hash = excluded.content_hash, digest = excluded.digest, component = excluded.component,
    name_sound = excluded.name_sound, keys = excluded.keys;
