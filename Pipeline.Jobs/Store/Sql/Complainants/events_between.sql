-- Grain: one row per identity event of the source after one event and up to another, in order, with the complaints that it moved. $4: of these
-- keys only. A null is no bound.
select e.event_id, e.kind, e.person_key, e.other_key, e.decided_by, e.decided_at, e.evidence::text, e.figures::text,
    case when e.decided_at = withdrawal.withdrawn_at then withdrawal.note else w.note end,
    array(select case_number from identity_move m where m.event_id = e.event_id order by case_number),
    array(select from_key from identity_move m where m.event_id = e.event_id order by case_number),
    array(select to_key from identity_move m where m.event_id = e.event_id order by case_number)
from identity_event e
left join identity_word w using (word_id)
left join identity_withdrawal withdrawal using (word_id)
where e.source = $1
    and ($2::bigint is null or e.event_id > $2)
    and ($3::bigint is null or e.event_id <= $3)
    and ($4::bigint[] is null or e.person_key = any($4) or e.other_key = any($4))
order by e.event_id;
