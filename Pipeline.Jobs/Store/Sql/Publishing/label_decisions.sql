-- Grain: one row per label of an analyst on the complaints asked for, the newest last.
select c.case_number, l.head, l.class, l.decided_by
from label l
join complaint c using (complaint_id)
where c.source = $1 and c.case_number = any($2) and l.decided_by like 'analyst:%'
order by l.decided_at, l.decided_by collate "C";
