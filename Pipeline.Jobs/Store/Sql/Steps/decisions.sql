-- Fingerprint of what analysts decided on the complaints and the quarantined rows of a source, by case number: keys and event numbers differ between two
-- installations with the same files. Merges and splits that linking itself makes follow from the files and are not in it. Of the words on identities
-- counts what they change: the persons who would not be the same without them, as far as one of their complaints was received up to the last day of the
-- month ($2). A word that moves nobody of the month's past moves no figure of it.
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
    select string_agg(concat_ws('|', case_number, link.evidence ->> 'basis'), '+' order by case_number collate "C") as person
    from identity_effect
    join complaint using (complaint_id)
    join complainant_link link using (complaint_id)
    where source = $1
    group by link.person_key
    having min(received_date) <= $2
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
    || coalesce((select string_agg(person, ',' order by person collate "C") from decided), '')
    || ';'
    || coalesce((
        select string_agg(concat_ws('|', sha256, sheet_name, line_number, state), ',' order by sha256 collate "C", sheet_name collate "C", line_number)
        from settled), ''), 'UTF8')), 'hex')
