-- Grain: one row per complaint of $1 (source) and $2 (numbers), with the link that stands; the columns of evidence.
select c.complaint_id, c.case_number, c.received_date, c.revision,
    c.name_token, c.identity_token, c.phone_tokens, c.email_token, c.account_token, c.birth_year, c.gender,
    l.person_key, l.revision as linked_revision, l.evidence, c.key_id, c.sealed, c.content_hash
from unnest($2::bigint[]) as wanted (complaint_id)
join complaint c using (complaint_id)
left join complainant_link l using (complaint_id)
where c.source = $1
order by c.received_date, c.case_number collate "C";
