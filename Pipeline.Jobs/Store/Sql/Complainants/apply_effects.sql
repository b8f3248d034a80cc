-- Of the complaints $1 that were judged, puts those whose persons the words changed, $2, in place of those that stand.
with gone as (
    delete from identity_effect
    where complaint_id = any($1)
        and not complaint_id = any($2)
)
insert into identity_effect (complaint_id)
select unnest($2::bigint[])
on conflict do nothing;
