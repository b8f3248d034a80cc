-- Decides open quarantined rows. $1 ids, $2 state, $3 when, $4 the correction that released them, $5 why.
update quarantined_row
set state = $2,
    decided_at = $3,
    decided_file_id = $4,
    decided_reason = $5
where quarantine_id = any($1)
    and state = 'open'
