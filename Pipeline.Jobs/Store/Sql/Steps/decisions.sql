-- Fingerprint of what analysts decided on the complaints and the quarantined rows of a source, by case number: keys and event numbers differ between two
-- installations with the same files. Merges and splits that linking itself makes follow from the files and are not in it.
-- One row.
with counted as (
    select distinct on (complaint_id, head) case_number, head, class
    from label
    join complaint using (complaint_id)
    where decided_by like 'analyst:%'
        and source = $1
    order by complaint_id, head, decided_at desc, decided_by collate "C"
),
decided as (
    select kind, case_number, row_number() over (order by event_id) as place
    from identity_event
    join complaint using (complaint_id)
    where decided_by like 'analyst:%'
        and source = $1
),
settled as (
    select sha256, sheet_name, line_number, quarantined_row.state
    from quarantined_row
    join source_file using (file_id)
    where quarantined_row.state <> 'open'
        and source = $1
        and source_file.state = 'ingested'
)
select encode(sha256(convert_to(
    coalesce((select string_agg(concat_ws('|', case_number, head, class), ',' order by case_number collate "C", head collate "C") from counted), '')
    || ';'
    || coalesce((select string_agg(concat_ws('|', kind, case_number), ',' order by place) from decided), '')
    || ';'
    || coalesce((
        select string_agg(concat_ws('|', sha256, sheet_name, line_number, state), ',' order by sha256 collate "C", sheet_name collate "C", line_number)
        from settled), ''), 'UTF8')), 'hex')
