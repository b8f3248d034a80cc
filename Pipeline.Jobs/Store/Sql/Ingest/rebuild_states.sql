-- Rebuilds the history of the cases in rebuild_case from all observations: the order of export dates decides, whatever the order
-- of arrival; observations of one day stand in the order of their files' places, then as they stand in the file (tables in the order
-- of the file, so that sheets go by their position and not by their names).
-- Grain: an observation is a row of a file; a run is a sequence of observations with equal content; each run is one state.
-- Invariant: afterwards the revisions of a case are 1..n without gaps and the last one stands in complaint.
create temp table held_state on commit drop as
select {complaint.columns}
from complaint
join rebuild_case using (complaint_id)
union all
select {complaint_revision.columns}
from complaint_revision
join rebuild_case using (complaint_id);

-- A state is about to be told from the earliest row that reported it; the row that it was told from so far must not be forgotten.
insert into complaint_sighting (complaint_id, file_id, sheet_name, line_number, content_hash)
select complaint_id, file_id, coalesce(sheet_name, ''), line_number, content_hash
from held_state
join source_file using (file_id)
where source_file.state = 'ingested'
on conflict do nothing;

create temp table state_run on commit drop as
with sheet as (
    select file_id, sheet_name, min(ordinal) as ordinal
    from source_table
    group by file_id, sheet_name
),
observation as (
    select
        complaint_sighting.*,
        source_file.as_of_date,
        row_number() over (
            partition by complaint_id
            order by
                source_file.as_of_date,
                source_file.place,
                file_id,
                coalesce(sheet.ordinal, 0),
                sheet_name collate "C",
                line_number
        ) as position
    from complaint_sighting
    join rebuild_case using (complaint_id)
    join source_file using (file_id)
    left join sheet using (file_id, sheet_name)
),
dated as (
    select
        observation.*,
        lag(content_hash) over (partition by complaint_id order by position) is distinct from content_hash as begins,
        row_number() over (partition by complaint_id, file_id order by position) > 1 as is_repeated
    from observation
),
numbered as (
    select
        dated.*,
        count(*) filter (where begins) over (partition by complaint_id order by position) as revision
    from dated
),
run as (
    select
        complaint_id,
        revision::integer as revision,
        content_hash,
        max(as_of_date) as last_as_of,
        (array_agg(file_id order by position))[1] as file_id,
        (array_agg(sheet_name order by position))[1] as sheet_name,
        (array_agg(line_number order by position))[1] as line_number,
        (array_agg(is_repeated order by position))[1] as is_repeated
    from numbered
    group by complaint_id, revision, content_hash
)
select
    run.*,
    lead(file_id) over (partition by complaint_id order by revision) as superseded_by
from run;

create temp table placed_state on commit drop as
select distinct on (state_run.complaint_id, state_run.revision)
    state_run.revision as run_revision,
    held_state.*
from state_run
join held_state using (complaint_id, content_hash)
order by
    state_run.complaint_id,
    state_run.revision,
    (held_state.file_id = state_run.file_id and held_state.line_number = state_run.line_number) desc,
    held_state.file_id,
    held_state.line_number;

-- What a state says of itself is of the row that it is told from, not of the row that it was held by.
update placed_state
set revision = state_run.revision,
    as_of_date = state_run.last_as_of,
    file_id = state_run.file_id,
    sheet_name = nullif(state_run.sheet_name, ''),
    line_number = state_run.line_number,
    warnings = array_remove(placed_state.warnings, 'repeated_in_file')
        || case when state_run.is_repeated then array['repeated_in_file'] else '{}' end
from state_run
where state_run.complaint_id = placed_state.complaint_id
    and state_run.revision = placed_state.run_revision;

delete from complaint_revision
using rebuild_case
where complaint_revision.complaint_id = rebuild_case.complaint_id;

insert into complaint_revision ({columns}, superseded_by_file_id)
select {placed_state.columns}, state_run.superseded_by
from placed_state
join state_run on state_run.complaint_id = placed_state.complaint_id
    and state_run.revision = placed_state.revision
where state_run.superseded_by is not null;

update complaint
set ({values}) = ({placed_state.values})
from placed_state
join state_run on state_run.complaint_id = placed_state.complaint_id
    and state_run.revision = placed_state.revision
where placed_state.complaint_id = complaint.complaint_id
    and state_run.superseded_by is null;

delete from complaint_warning
using rebuild_case
where complaint_warning.complaint_id = rebuild_case.complaint_id;

drop table held_state, state_run, placed_state
