-- Quarantined rows, each with the header of the table that it stood in and, where the case is in the ledger by now, the file that
-- its standing state came from. One row per quarantined row.
select
    quarantined_row.quarantine_id,
    quarantined_row.file_id,
    source_file.name,
    quarantined_row.sheet_name,
    quarantined_row.line_number,
    quarantined_row.case_number,
    quarantined_row.column_name,
    quarantined_row.column_number,
    quarantined_row.reason_code,
    quarantined_row.value_masked,
    quarantined_row.state,
    quarantined_row.decided_reason,
    quarantined_row.key_id,
    quarantined_row.sealed,
    source_file.sha256,
    source_file.source,
    source_file.profile,
    source_file.as_of_date,
    arrived.name as arrived_in,
    coalesce(arrived.as_of_date > source_file.as_of_date, false) as arrived_later,
    source_table.header,
    source_table.columns,
    source_table.slash_format
from quarantined_row
join source_file using (file_id)
left join complaint on complaint.source = source_file.source
    and complaint.case_number = quarantined_row.case_number
left join source_file as arrived on arrived.file_id = complaint.file_id
left join lateral (
    select header, columns, slash_format
    from source_table
    where source_table.file_id = quarantined_row.file_id
        and source_table.sheet_name = quarantined_row.sheet_name
        and source_table.first_line <= quarantined_row.line_number
    order by first_line desc
    limit 1
) as source_table on true
where ($1::text is null or quarantined_row.state = $1)
    and ($2::bigint is null or quarantined_row.file_id = $2)
    and ($3::bigint[] is null or quarantined_row.quarantine_id = any($3))
order by quarantined_row.file_id, quarantined_row.sheet_name, quarantined_row.line_number
