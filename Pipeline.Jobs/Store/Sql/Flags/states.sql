-- Grain: one row per state of a complaint asked for that its exports reported, with the day of the first export that did.
-- The states of a case come in their order; the one that stands now comes last.
select complaint_id, known_from, status, closed_date, follow_up_date, satisfaction, is_liable, is_compensated
from (
    select c.complaint_id, c.revision, f.as_of_date as known_from, c.status, c.closed_date, c.follow_up_date, c.satisfaction, c.is_liable, c.is_compensated
    from unnest($1::bigint[]) as asked (complaint_id)
    join complaint c using (complaint_id)
    join source_file f using (file_id)
    union all
    select r.complaint_id, r.revision, f.as_of_date, r.status, r.closed_date, r.follow_up_date, r.satisfaction, r.is_liable, r.is_compensated
    from unnest($1::bigint[]) as asked (complaint_id)
    join complaint_revision r using (complaint_id)
    join source_file f using (file_id)
) as state
order by complaint_id, revision;
