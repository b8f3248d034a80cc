-- Removes, of the cases in rebuild_case, those that no ingested file reports any more, with everything that hangs on them.
-- The caller has marked the file as rolled back and removed its sightings.
with reported as (
    select complaint.complaint_id
    from complaint
    join rebuild_case using (complaint_id)
    join source_file using (file_id)
    where source_file.state = 'ingested'
    union
    select complaint_revision.complaint_id
    from complaint_revision
    join rebuild_case using (complaint_id)
    join source_file using (file_id)
    where source_file.state = 'ingested'
    union
    select complaint_sighting.complaint_id
    from complaint_sighting
    join rebuild_case using (complaint_id)
),
unreported as (
    delete from rebuild_case
    where complaint_id not in (select complaint_id from reported)
    returning complaint_id
),
revisions as (
    delete from complaint_revision
    using unreported
    where complaint_revision.complaint_id = unreported.complaint_id
)
delete from complaint
using unreported
where complaint.complaint_id = unreported.complaint_id
