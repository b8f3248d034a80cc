-- Grain: one row per complaint of source $1 that was prepared as it stands, by the rules $2.
select prepared.complaint_id, prepared.digest, prepared.own_keys, prepared.rule_keys, prepared.name_sound
from match_prepared prepared
join complaint using (complaint_id)
where prepared.source = $1
    and prepared.rules_sha256 = $2
    and prepared.content_hash = complaint.content_hash;
