-- Rows of other files that the correction $1 had released are open again.
update quarantined_row
set state = 'open',
    decided_at = null,
    decided_file_id = null,
    decided_reason = null
where decided_file_id = $1
