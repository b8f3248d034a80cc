-- The links that changed, before they are put in place.
create temporary table changed_link (
    complaint_id bigint not null,
    person_key bigint not null,
    revision integer not null,
    evidence jsonb not null
) on commit drop;
