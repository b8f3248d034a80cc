-- Puts the staged pairs in place of those that stand between the complaints $1; pairs that are the same keep their rows.
with gone as (
    delete from held_apart
    where complaint_id = any($1)
        and not exists (
            select from held_now
            where held_now.complaint_id = held_apart.complaint_id
                and held_now.other_complaint_id = held_apart.other_complaint_id
        )
)
insert into held_apart (complaint_id, other_complaint_id, kind, reason, field, evidence)
select complaint_id, other_complaint_id, kind, reason, field, evidence
from held_now
on conflict (complaint_id, other_complaint_id) do update
set kind = excluded.kind, reason = excluded.reason, field = excluded.field, evidence = excluded.evidence
where (held_apart.kind, held_apart.reason, held_apart.field) is distinct from (excluded.kind, excluded.reason, excluded.field);
