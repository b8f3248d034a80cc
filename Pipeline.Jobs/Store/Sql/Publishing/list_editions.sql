-- Grain: one row per complete run, by source, month and edition.
select r.run_id, r.source, r.month, r.edition, r.as_of_date, r.completed_at, r.inputs::text, p.published_by, p.published_at, p.note, p.audit_sequence
from run r
left join published_edition p using (run_id)
where r.state = 'complete'
    and ($1::text is null or r.source = $1)
    and ($2::date is null or r.month = $2)
order by r.source collate "C", r.month, r.edition;
