-- Grain: one row: the most persons who use a telephone or e-mail address of the person $1.
with contact as (
    select distinct unnest(complaint.phone_tokens || complaint.email_token) as token
    from complaint
    join complainant_link link using (complaint_id)
    where link.person_key = $1 and complaint.source = $2
),
users as (
    select contact.token, count(distinct link.person_key) as persons
    from contact
    join complaint on contact.token = any(complaint.phone_tokens) or contact.token = complaint.email_token
    join complainant_link link using (complaint_id)
    where contact.token is not null and complaint.source = $2
    group by contact.token
)
select coalesce(max(persons), 0) from users;
