-- Grain: one row per complaint of source $1 that exports up to the as-of date $2 told of, as they told it; the columns of evidence.
with state as (
    select complaint_id, case_number, received_date, revision, name_token, identity_token, phone_tokens, email_token, account_token,
        birth_year, gender, key_id, sealed, content_hash
    from complaint
    where source = $1 and as_of_date <= $2
    union all
    select complaint_id, case_number, received_date, revision, name_token, identity_token, phone_tokens, email_token, account_token,
        birth_year, gender, key_id, sealed, content_hash
    from complaint_revision
    where source = $1 and as_of_date <= $2
),
told as (
    select distinct on (complaint_id) *
    from state
    order by complaint_id, revision desc
)
select complaint_id, case_number, received_date, revision,
    name_token, identity_token, phone_tokens, email_token, account_token, birth_year, gender,
    null::bigint as person_key, null::integer as linked_revision, null::jsonb as evidence, key_id, sealed, content_hash
from told
order by received_date, case_number collate "C";
