-- Grain: one row per pair that was held apart of which the one complaint is of the person $1: the other's case and person.
select own.case_number, other.case_number, link.person_key, pair.kind, pair.reason, pair.field, pair.evidence::text
from (
    select complaint_id, other_complaint_id, kind, reason, field, evidence from held_apart
    union all
    select other_complaint_id, complaint_id, kind, reason, field, evidence from held_apart
) pair
join complainant_link mine on mine.complaint_id = pair.complaint_id and mine.person_key = $1
join complaint own on own.complaint_id = pair.complaint_id
join complaint other on other.complaint_id = pair.other_complaint_id
left join complainant_link link on link.complaint_id = pair.other_complaint_id
order by (pair.evidence ->> 'probability')::double precision desc nulls last, own.case_number, other.case_number;
