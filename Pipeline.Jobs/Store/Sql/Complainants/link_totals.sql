-- Grain: one row: complaints of source $1, those that are linked, and the persons that they are linked to.
select count(*), count(link.complaint_id), count(distinct link.person_key)
from complaint
left join complainant_link link using (complaint_id)
where complaint.source = $1;
