-- Grain: one row per case number of $2 that source $1 has: its complaint and, where it was judged, its component.
select c.complaint_id, record.component
from unnest($2::text[]) as wanted (case_number)
join complaint c on c.case_number = wanted.case_number collate "C" and c.source = $1
left join match_record record using (complaint_id);
