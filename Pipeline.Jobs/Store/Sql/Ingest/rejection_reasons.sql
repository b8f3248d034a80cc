-- Why rows of a load were rejected. Grain: reason and column, the most frequent first; where they come first. $1: the load.
select reason_code, coalesce(column_name, '') as column_name, count(*) as row_count, min(line_number) as first_line
from quarantined_row
where file_id = $1
group by reason_code, column_name
order by row_count desc, reason_code collate "C", quarantined_row.column_name collate "C"
