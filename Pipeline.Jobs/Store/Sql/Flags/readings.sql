-- Grain: one row per complaint of the source whose text was read with the lexicon $2 as it stands now.
select text_reading.complaint_id, text_reading.stage, text_reading.cues
from text_reading
join complaint using (complaint_id)
where complaint.source = $1
    and text_reading.lexicon_sha256 = $2
    and text_reading.content_hash = complaint.content_hash
    and ($3::bigint[] is null or text_reading.complaint_id = any($3))
