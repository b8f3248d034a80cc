-- Grain: one row per complaint of the source whose text was not read with the lexicon $2 as it stands now.
select complaint.complaint_id
from complaint
left join text_reading using (complaint_id)
where complaint.source = $1
    and (
        text_reading.complaint_id is null
        or text_reading.lexicon_sha256 <> $2
        or text_reading.content_hash <> complaint.content_hash
    )
order by complaint.complaint_id
