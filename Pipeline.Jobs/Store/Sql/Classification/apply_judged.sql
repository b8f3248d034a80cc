insert into judged_text (complaint_id, decided_by, content_hash, text_hash, judged_at)
select complaint_id, $1, content_hash, text_hash, $2
from batch_judged
order by complaint_id
on conflict (complaint_id, decided_by) do update
set content_hash = excluded.content_hash, text_hash = excluded.text_hash, judged_at = excluded.judged_at;
