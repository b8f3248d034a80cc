-- Grain: one row per complaint of source $1 that linking would read anew by the rules $2 and that nobody has prepared as it stands; of $3 parts
-- the part $4. In order of entry; the columns of evidence, without the link.
select c.complaint_id, c.case_number, c.received_date, c.revision,
    c.name_token, c.identity_token, c.phone_tokens, c.email_token, c.account_token, c.birth_year, c.gender,
    null::bigint as person_key, null::integer as linked_revision, null::jsonb as evidence, c.key_id, c.sealed, c.content_hash
from complaint c
left join match_record record using (complaint_id)
left join match_prepared prepared using (complaint_id)
where c.source = $1
    and (c.content_hash is distinct from record.content_hash
        or $2 is distinct from (select rules_sha256 from match_state where match_state.source = $1))
    and not (prepared.complaint_id is not null and prepared.content_hash = c.content_hash and prepared.rules_sha256 = $2)
    and ($3 = 1 or c.complaint_id % $3 = $4)
order by c.complaint_id;
