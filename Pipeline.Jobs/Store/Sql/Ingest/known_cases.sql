-- The states that stand for the case numbers of a batch.
-- $1 source, $2 case numbers, $3 the file that is being loaded.
-- One row per case number that is known. is_told_later: another file of the same export day that stands behind this one has reported the
-- case; last_in_file: the content that this very file reported last for it.
select
    complaint.case_number,
    complaint.complaint_id,
    complaint.revision,
    complaint.content_hash,
    complaint.as_of_date,
    (
        complaint.as_of_date = loading.as_of_date
        and exists (
            select 1
            from (
                select complaint.file_id
                union all
                select complaint_sighting.file_id
                from complaint_sighting
                where complaint_sighting.complaint_id = complaint.complaint_id
            ) as observation
            join source_file as other using (file_id)
            where other.as_of_date = loading.as_of_date
                and (other.place, other.file_id) > (loading.place, loading.file_id)
        )
    ) as is_told_later,
    own.content_hash as last_in_file
from complaint
join source_file as loading on loading.file_id = $3
left join lateral (
    select observation.content_hash
    from (
        select complaint.content_hash, coalesce(complaint.sheet_name, '') as sheet_name, complaint.line_number
        where complaint.file_id = $3
        union all
        select complaint_sighting.content_hash, complaint_sighting.sheet_name, complaint_sighting.line_number
        from complaint_sighting
        where complaint_sighting.complaint_id = complaint.complaint_id
            and complaint_sighting.file_id = $3
    ) as observation
    order by
        (
            select min(source_table.ordinal)
            from source_table
            where source_table.file_id = $3
                and source_table.sheet_name = observation.sheet_name
        ) desc nulls last,
        observation.sheet_name collate "C" desc,
        observation.line_number desc
    limit 1
) as own on true
where complaint.source = $1
    and complaint.case_number = any($2)
