-- Grain: one row per quarantined row that was dismissed before $1 and still holds its cells: what its sealed value is bound to. $2 bytes of a value without cells.
select quarantined_row.quarantine_id, source_file.sha256, quarantined_row.sheet_name, quarantined_row.line_number
from quarantined_row
join source_file using (file_id)
where quarantined_row.state = 'dismissed'
    and quarantined_row.decided_at < $1
    and octet_length(quarantined_row.sealed) > $2
order by quarantined_row.quarantine_id
for update of quarantined_row;
