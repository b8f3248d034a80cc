-- Keeps what was read of a batch of texts. $1 complaints, $2 their content hashes, $3 lexicon, $4 stages, $5 cues as one JSON array each.
-- A complaint that was taken back meanwhile has none to keep.
insert into text_reading (complaint_id, content_hash, lexicon_sha256, stage, cues)
select
    batch.complaint_id,
    batch.content_hash,
    $3,
    batch.stage,
    array(select jsonb_array_elements_text(batch.cues::jsonb))
from unnest($1, $2, $4, $5) as batch (complaint_id, content_hash, stage, cues)
join complaint using (complaint_id)
order by batch.complaint_id
on conflict (complaint_id) do update
set content_hash = excluded.content_hash,
    lexicon_sha256 = excluded.lexicon_sha256,
    stage = excluded.stage,
    cues = excluded.cues
