-- The counts of a file; the table's own check makes them reconcile.
update source_file
set read_count = $2,
    new_count = $3,
    updated_count = $4,
    unchanged_count = $5,
    duplicate_count = $6,
    rejected_count = $7,
    warning_count = $8,
    cleaned_count = $9,
    late_count = $10,
    skipped_count = $11,
    repairs = $12
where file_id = $1
