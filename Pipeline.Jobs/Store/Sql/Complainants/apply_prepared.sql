-- Puts the staged batch in place: in one order, so that two who do the same part do not stand in each other's way.
insert into match_prepared (complaint_id, source, content_hash, rules_sha256, digest, name_sound, own_keys, rule_keys)
select complaint_id, source, content_hash, rules_sha256, digest, name_sound, own_keys, rule_keys
from staged_prepared
order by complaint_id
on conflict (complaint_id) do update
set content_hash = excluded.content_hash, rules_sha256 = excluded.rules_sha256, digest = excluded.digest,
    name_sound = excluded.name_sound, own_keys = excluded.own_keys, rule_keys = excluded.rule_keys;
