-- Grain: one row per complaint of the source that is among those in $3, in order of receipt.
-- The labels of the analyst and of the champion model stand beside the coded values; which one counts is decided by the rules.
-- Labels are looked up by their key, row by row: no plan without statistics can make that slow.
select c.complaint_id, c.case_number, c.received_date, c.closed_date, c.status, c.due_date,
    c.channel, c.business_channel, c.business_reported, c.cause_reported,
    c.branch_name, c.parent_branch_name, c.region, c.severity, c.amount_yuan, c.persons_count,
    c.satisfaction, c.is_liable, c.is_compensated, c.compensation_yuan, c.is_timely_reported, c.response_label,
    c.warnings, l.person_key, l.evidence ->> 'basis' as person_basis,
    an.class as nature_analyst, pn.class as nature_predicted, pn.probability as nature_probability, pn.needs_review as nature_review,
    ab.class as business_analyst, pb.class as business_predicted, pb.probability as business_probability, pb.needs_review as business_review,
    ac.class as cause_analyst, pc.class as cause_predicted, pc.probability as cause_probability, pc.needs_review as cause_review,
    f.name as file_name, c.line_number, c.matter_type, c.exclusion_reason,
    c.overdue_reason is not null as has_overdue_reason, c.regulator_number is not null as has_regulator_number, c.tags, f.sha256 as file_sha256, f.profile
from unnest($3::bigint[]) as asked (complaint_id)
join complaint c using (complaint_id)
join source_file f using (file_id)
left join complainant_link l using (complaint_id)
left join lateral (
    select class from label
    where complaint_id = c.complaint_id and head = 'nature' and decided_by like 'analyst:%'
    order by decided_at desc, decided_by collate "C" limit 1
) an on true
left join lateral (
    select class from label
    where complaint_id = c.complaint_id and head = 'business' and decided_by like 'analyst:%'
    order by decided_at desc, decided_by collate "C" limit 1
) ab on true
left join lateral (
    select class from label
    where complaint_id = c.complaint_id and head = 'cause' and decided_by like 'analyst:%'
    order by decided_at desc, decided_by collate "C" limit 1
) ac on true
left join label pn on pn.complaint_id = c.complaint_id and pn.head = 'nature' and pn.decided_by = 'model:' || $2
left join label pb on pb.complaint_id = c.complaint_id and pb.head = 'business' and pb.decided_by = 'model:' || $2
left join label pc on pc.complaint_id = c.complaint_id and pc.head = 'cause' and pc.decided_by = 'model:' || $2
where c.source = $1
order by c.received_date, c.case_number collate "C";
