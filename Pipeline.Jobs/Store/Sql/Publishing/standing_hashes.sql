-- Grain: one row per complaint as runs before counted it, of those within reach of a run: received on or after the day $2, or among the cases $3; and of
-- earlier ones as only a file that was taken back told them, so that the ledger no longer holds them so.
select case_number, hash
from counted_state
where source = $1 and to_place is null and received_date >= $2
union all
select case_number, hash
from unnest($3::text[]) as reached (case_number)
join counted_state using (case_number)
where source = $1 and to_place is null and received_date < $2
union all
select case_number, hash
from counted_state
where source = $1 and to_place is null and received_date < $2
    and exists (select from source_file where source = $1 and state <> 'ingested')
    and state ->> 'file_sha256' in (select sha256 from source_file where source = $1 and state <> 'ingested')
    and not exists (
        select
        from complaint
        join source_file using (file_id)
        where complaint.source = $1
            and complaint.case_number = counted_state.case_number
            and source_file.sha256 = counted_state.state ->> 'file_sha256'
    )
    and case_number <> all ($3::text[]);
