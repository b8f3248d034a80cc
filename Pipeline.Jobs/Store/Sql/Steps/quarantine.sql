-- Grain: one row per quarantined row of the source's files that stand, newest export first.
select q.quarantine_id, f.name, q.sheet_name, q.line_number, q.case_number, q.column_name, q.value_masked, q.reason_code, q.state,
    exists (select from complaint c where c.source = f.source and c.case_number = q.case_number) as came_again
from quarantined_row q
join source_file f using (file_id)
where f.source = $1 and f.state = 'ingested'
order by f.as_of_date desc, f.name collate "C", f.sha256 collate "C", q.sheet_name collate "C", q.line_number;
