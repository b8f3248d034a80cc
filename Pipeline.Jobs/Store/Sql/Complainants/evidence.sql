-- Grain: one row per complaint of the source $1, with the link that stands; sealed only what no export up to the as-of date $2 told as it stands.
select c.complaint_id, c.case_number, c.received_date, c.revision,
    c.name_token, c.identity_token, c.phone_tokens, c.email_token, c.account_token, c.birth_year, c.gender,
    l.person_key, l.revision as linked_revision, l.evidence, c.key_id,
    case when c.as_of_date > $2 then c.sealed end as sealed, c.content_hash
from complaint c
left join complainant_link l using (complaint_id)
where c.source = $1
order by c.received_date, c.case_number collate "C";
