-- Puts the complaints whose persons the words changed in place of those that stand. $1 source, $2 complaints.
with gone as (
    delete from identity_effect
    using complaint
    where complaint.complaint_id = identity_effect.complaint_id
        and complaint.source = $1
        and not complaint.complaint_id = any($2)
)
insert into identity_effect (complaint_id)
select unnest($2::bigint[])
on conflict do nothing;
