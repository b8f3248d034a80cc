-- A label that says the same as before keeps the time at which it was decided.
insert into label (complaint_id, head, decided_by, class, probability, needs_review, text_hash, decided_at)
select complaint_id, head, $1, class, probability, needs_review, text_hash, $2
from batch_label
order by complaint_id, head
on conflict (complaint_id, head, decided_by) do update
set class = excluded.class, probability = excluded.probability, needs_review = excluded.needs_review,
    text_hash = excluded.text_hash, decided_at = excluded.decided_at
where (label.class, label.probability, label.needs_review, label.text_hash)
    is distinct from (excluded.class, excluded.probability, excluded.needs_review, excluded.text_hash);
