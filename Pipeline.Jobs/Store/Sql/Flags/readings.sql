-- Grain: one row per complaint asked for whose text was read with the lexicon $2 as it stands now.
select text_reading.complaint_id, text_reading.stage, text_reading.cues
from unnest($1::bigint[]) as asked (complaint_id)
join text_reading using (complaint_id)
join complaint using (complaint_id)
where text_reading.lexicon_sha256 = $2
    and text_reading.content_hash = complaint.content_hash
