-- Grain: one row per value set aside on a complaint of the month.
select c.case_number, f.name, w.line_number, w.field, w.code
from complaint_warning w
join complaint c using (complaint_id)
join source_file f on f.file_id = w.file_id
where c.source = $1 and c.received_date between $2 and $3
order by w.code collate "C", w.field collate "C", c.case_number collate "C";
